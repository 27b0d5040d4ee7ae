"""What a reader of an answer must know of how sure it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from sizer.resolve.models import weight_formats
from sizer.resolve.splits import runs_on, servers_needed
from sizer.schema.asked.lengths import answers, prompts
from sizer.schema.asked.profile import Estimation, ModelAsk, Workload
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Deployment, Scenario

Asked = tuple[ModelAsk, Model]
NARROW = ("fp8", "int8", "fp4")
HOW = "name it as fleet.node_link_gb_s"


def confidence_notes(asked: Estimation) -> Iterator[str]:
    """Yield what a confidence changes."""
    if asked.confidence is not None:
        yield (
            f"conditions and requirements judge the careful end of the interval that holds "
            f"{asked.confidence:.0%} of measurements"
        )


def length_notes(load: Workload) -> Iterator[str]:
    """Yield the mean and the spread of lengths that are given by percentiles."""
    both = [
        ("prompts", load.input_tokens_percentiles, prompts(load)),
        ("answers", load.output_tokens_percentiles, answers(load)),
    ]
    for what, percentiles, lengths in both:
        if percentiles:
            given = ", ".join(f"{name} = {tokens:,}" for name, tokens in percentiles.items())
            [mean] = lengths.means
            yield (
                f"{what} are log-normal with {given}: {mean:,} tokens on average, "
                f"standard deviation {lengths.spread:.2f} of it"
            )


def network_notes(models: Iterable[Asked], gpus: Iterable[Gpu], limit: int) -> Iterator[str]:
    """Yield each pair of model and accelerator that several servers may hold, and over what."""
    for (asked, model), gpu in product(models, tuple(gpus)):
        for form in weight_formats(asked, model):
            servers = servers_needed(model, form, gpu)
            if servers == 1 or servers * gpu.server_size > limit or not runs_on(form, gpu):
                continue
            need = f"{model.name} in {form.name} takes {servers} servers of {gpu.server_size} "
            if gpu.node_link_gb_s is None:
                yield f"{need}{gpu.name}: none proposed, their network is not known; {HOW}"
            else:
                yield f"{need}{gpu.name}: their network gives {gpu.node_link_gb_s:g} GB/s to each"


def half_notes(models: Iterable[Asked], gpus: Iterable[Gpu]) -> Iterator[str]:
    """Yield each accelerator without bf16 arithmetic that would run such weights."""
    asked = any(
        form.compute == "bf16" for ask, model in models for form in weight_formats(ask, model)
    )
    for gpu in gpus if asked else ():
        if gpu.peaks.bf16 == 0 and gpu.peaks.fp16:
            yield f"{gpu.name} has no bf16 arithmetic: engines run such weights as fp16"


def missing_notes(scenario: Scenario) -> Iterator[str]:
    """Yield each fact of an accelerator without which times are unknown, or taken from another."""
    pairs = dict.fromkeys(
        zip(scenario.gpu_of.tolist(), scenario.deployment_of.tolist(), strict=True)
    )
    asked: dict[int, list[Deployment]] = {}
    for gpu, deployment in pairs:
        asked.setdefault(gpu, []).append(scenario.deployments[deployment])
    for index, deployments in asked.items():
        yield from _missing(scenario.gpus[index], deployments)


def _missing(gpu: Gpu, deployments: list[Deployment]) -> Iterator[str]:
    peaks = gpu.peaks
    if peaks.fp16 is None and peaks.bf16 is None:
        yield f"{gpu.name}: no 16-bit peak is known, so its times are unknown"
    else:
        needed = {each.weights.compute for each in deployments}
        for form in sorted(each for each in needed if getattr(peaks, each, 0) is None):
            if form in NARROW:
                yield f"{gpu.name}: its {form} peak is not known; {form} runs at its 16-bit peak"
    if gpu.bandwidth_gb_s is None:
        yield f"{gpu.name}: its memory bandwidth is not known, so its times are unknown"
    if gpu.link_gb_s is None and any(each.gpus_per_replica > 1 for each in deployments):
        yield f"{gpu.name}: the speed of its link is not known, nor are times of more than one"


def unmeasured(scenario: Scenario) -> Iterator[str]:
    """Yield each accelerator of a family that the calibration's measurements lack."""
    known = scenario.calibration
    if known is None or scenario.estimator != "analytic" or not known.families:
        return
    for gpu in scenario.gpus:
        if gpu.family not in known.families:
            kin = known.nearest_family(gpu.family, gpu.vendor, gpu.launch_year)
            of = f"constants are {kin}'s" if kin in known.families else "constants are plain ones"
            yield f"{gpu.name}: no times of its family were measured; {of}, intervals wider"
