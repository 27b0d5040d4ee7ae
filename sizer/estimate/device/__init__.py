"""What one accelerator holds: tensors, cache and the peak of a step.

Comes in: a model, its split and the engine's settings. Goes out: bytes, in plain Python.
It never uses an array: there are few deployments.
"""

from sizer.estimate.device.beside import Beside, Part, beside
from sizer.estimate.device.cache import Layout, layout
from sizer.estimate.device.footprint import binding_stage
from sizer.estimate.device.gguf import file_tensors
from sizer.estimate.device.in_flight import tokens_in_flight
from sizer.estimate.device.index_peak import gathered_bytes_per_token
from sizer.estimate.device.loaded import host_bytes, loaded_tensors
from sizer.estimate.device.packed_cache import Paged
from sizer.estimate.device.peak import peak, whole_prompt_tokens
from sizer.estimate.device.residuals import unseen
from sizer.estimate.device.scratch import scratch_bytes
from sizer.estimate.device.stages import Stage
from sizer.estimate.device.tensors import Tensor

__all__ = [
    "Beside",
    "Layout",
    "Paged",
    "Part",
    "Stage",
    "Tensor",
    "beside",
    "binding_stage",
    "file_tensors",
    "gathered_bytes_per_token",
    "host_bytes",
    "layout",
    "loaded_tensors",
    "peak",
    "scratch_bytes",
    "tokens_in_flight",
    "unseen",
    "whole_prompt_tokens",
]
