from hypothesis import HealthCheck, given, settings
from profile_strategies import PROFILES

from sizer.schema.profile import Fleet, ModelAsk, Profile
from sizer.structure.document import Document, parse_document
from sizer.structure.profile import structure_profile, unstructure_profile
from sizer.structure.write import profile_text

SLOW = settings(max_examples=60, suppress_health_check=list(HealthCheck))


@given(PROFILES)
@SLOW
def test_structure_undoes_unstructure(profile: Profile) -> None:
    document = Document("p.toml", "", unstructure_profile(profile))
    assert structure_profile(document) == profile


@given(PROFILES)
@SLOW
def test_what_is_written_reads_back(profile: Profile) -> None:
    assert structure_profile(parse_document(profile_text(profile), "p.toml")) == profile


def test_defaults_are_not_written() -> None:
    profile = Profile(1, models=(ModelAsk("m"),), fleet=Fleet(gpus=("T4",)))
    assert unstructure_profile(profile) == {
        "dsl": 1,
        "models": [{"name": "m"}],
        "fleet": {"gpus": ["T4"]},
    }
