"""The reference recommender's names, files and flags over the one pipeline.

Comes in: its classes, or its JSON files and flags. Goes out: its recommendations, or a profile
that asks the same. It never estimates: every figure is from the one pipeline.
"""

from sizer.reference.architecture import GPUSpec, ModelArchitecture
from sizer.reference.estimator import SyntheticBenchmarkEstimator
from sizer.reference.files import Files, Flags, import_profile, recommend_json, tokens
from sizer.reference.lengths import Lengths
from sizer.reference.library import get_gpu_from_library, get_gpu_specs, list_available_gpus
from sizer.reference.recommender import GPURecommender, Recommendation
from sizer.schema.answered.recommendation import Performance

RecommendationResult = Recommendation
PerformanceEstimate = Performance

__all__ = [
    "Files",
    "Flags",
    "GPURecommender",
    "GPUSpec",
    "Lengths",
    "ModelArchitecture",
    "Performance",
    "PerformanceEstimate",
    "Recommendation",
    "RecommendationResult",
    "SyntheticBenchmarkEstimator",
    "get_gpu_from_library",
    "get_gpu_specs",
    "import_profile",
    "list_available_gpus",
    "recommend_json",
    "tokens",
]
