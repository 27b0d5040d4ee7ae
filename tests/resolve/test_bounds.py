"""A question is counted before it is built: too much of it is refused by its longest list."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from sizer import size
from sizer.catalog.gpus import find_gpu, gpu_names
from sizer.catalog.models import find_model, model_names, task_of, unstated_format
from sizer.diagnostic import Diagnostic, Problem
from sizer.resolve import resolve
from sizer.resolve.candidates import NOBODY, Points, _choices
from sizer.resolve.fleet import offers
from sizer.resolve.loads import loads
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile
from sizer.schema.asked.serving import Workload

LLAMA, MIXTRAL = ModelAsk("meta-llama/Llama-3.1-8B", ("bf16", "fp8")), ModelAsk("Mixtral-8x7B")
WRITERS = [
    name for name in model_names() if task_of(name) == "generate" and unstated_format(name) is None
]
JOINED = tuple(name for name in gpu_names() if find_gpu(name).value.server_devices > 1)
SMALL = Profile(
    1,
    models=(LLAMA, MIXTRAL),
    fleet=Fleet(("H100", "L4"), max_gpus=16),
    workload=Workload(concurrency=(1, 3, 8)),
)


def refused(profile: Profile) -> Diagnostic:
    with pytest.raises(Problem) as caught:
        resolve(profile)
    (fault,) = caught.value.diagnostics
    return fault


@pytest.mark.parametrize(
    "workload",
    [
        Workload(concurrency=(1, 3, 8)),
        Workload(request_rate=(0.5, 2.0)),
        Workload(concurrency=(64,)),
    ],
)
def test_what_is_counted_is_what_is_built(workload: Workload) -> None:
    asked = evolve(SMALL, workload=workload)
    models = [(each, find_model(each.name).value) for each in asked.models]
    points = Points(loads(workload), every=True)
    counted = sum(map(points.count, _choices(models, offers(asked.fleet), asked, NOBODY, 1.0)))
    assert counted == len(resolve(asked).scenario) > 0


def test_no_candidate_is_no_row() -> None:
    asked = evolve(
        SMALL, models=(evolve(LLAMA, weights=("nvfp4",)),), fleet=Fleet(("V100-SXM2-32GB",))
    )
    assert len(resolve(asked).scenario) == 0


def test_too_many_candidates_name_their_factors_and_what_to_shorten() -> None:
    asked = Profile(
        1,
        models=tuple(ModelAsk(name) for name in WRITERS[:100]),
        fleet=Fleet(JOINED[:70], max_gpus=1024, max_gpus_per_replica=1024),
        workload=Workload(concurrency=tuple(range(1, 1001))),
    )
    fault = refused(asked)
    help_ = "shorten workload.concurrency, or let `sizer run --jobs 2` judge them all"
    assert (fault.code, fault.help) == ("SZ302", help_)
    assert fault.message == (
        "more than 20,000,000 candidates at all loads: 100 models x 70 accelerators x "
        "60 numbers of replicas x 1,000 concurrencies, each in every format and split"
    )


def test_workers_take_any_number_of_loads_and_not_of_deployments(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sizer.resolve.candidates.MOST", 100)
    loaded = evolve(SMALL, workload=Workload(concurrency=tuple(range(100, 1100))))
    assert refused(loaded).code == "SZ302"
    assert len(resolve(loaded, many=True).scenario) > 100_000
    monkeypatch.setattr("sizer.resolve.candidates.MOST_PLACED", 20)
    with pytest.raises(Problem) as caught:
        resolve(loaded, many=True)
    (fault,) = caught.value.diagnostics
    assert (fault.code, fault.help) == ("SZ302", "lower fleet.max_gpus")
    assert fault.message == (
        "more than 1,000,000 candidates at each load: 2 models x 2 accelerators x "
        "16 numbers of replicas, each in every format and split"
    )


def test_too_many_loads_are_refused_before_they_are_made() -> None:
    thousand = tuple(range(1, 1002))
    work = Workload(input_tokens=thousand, output_tokens=(1, *thousand[1:]), concurrency=(1,))
    fault = refused(evolve(SMALL, workload=work))
    assert (fault.code, fault.help) == ("SZ302", "shorten workload.input_tokens")
    assert fault.message == (
        "1,002,001 load points are more than 1,000,000: 1,001 prompt lengths x 1,001 answer lengths"
    )


def test_the_fault_stands_at_the_list(tmp_path: Path) -> None:
    rates = ", ".join(f"{number}.5" for number in range(3000))
    lengths = ", ".join(map(str, range(1, 401)))
    path = tmp_path / "profile.toml"
    path.write_text(
        'dsl = 1\n[[models]]\nname = "meta-llama/Llama-3.1-8B"\n[fleet]\ngpus = ["H100"]\n'
        f"[workload]\ninput_tokens = [{lengths}]\nrequest_rate = [{rates}]\n"
    )
    with pytest.raises(Problem) as caught:
        size(path)
    (fault,) = caught.value.diagnostics
    assert fault.place is not None
    assert (fault.code, fault.place.line) == ("SZ302", 8)
