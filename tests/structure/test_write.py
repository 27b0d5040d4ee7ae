import tomllib

from hypothesis import HealthCheck, given, settings
from profile_strategies import PROFILES

from sizer.schema.asked.profile import Fleet, ModelAsk, Profile
from sizer.structure.shape.profile import structure_profile
from sizer.structure.toml.document import parse_document
from sizer.structure.write import profile_text

SLOW = settings(max_examples=60, suppress_health_check=list(HealthCheck))


@given(PROFILES)
@SLOW
def test_what_is_written_reads_back(profile: Profile) -> None:
    assert structure_profile(parse_document(profile_text(profile), "p.toml")) == profile


def test_defaults_are_not_written() -> None:
    profile = Profile(1, models=(ModelAsk("m"),), fleet=Fleet(gpus=("T4",)))
    assert tomllib.loads(profile_text(profile)) == {
        "dsl": 1,
        "models": [{"name": "m"}],
        "fleet": {"gpus": ["T4"]},
    }
