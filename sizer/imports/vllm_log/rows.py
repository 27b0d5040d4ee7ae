"""Starts of an engine as rows of a table that `sizer score` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import Factory, define, frozen

from sizer.catalog.gpus import knows_gpu
from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.imports.vllm_log.log import Log, Said, Start
from sizer.imports.vllm_log.memory import LESS, Memory, memory_of
from sizer.imports.vllm_log.model import cache_format, model_of, weight_format
from sizer.load.names import GPU
from sizer.schema.asked.names import LIMITS, SERVED, SPLIT
from sizer.schema.asked.serving import Workload
from sizer.structure.shape.faults import MISSING

COLUMNS = (
    "log",
    "model",
    "gpu",
    *SPLIT,
    *SERVED,
    *LIMITS,
    "cuda_graphs_gib",
    "measured_weights_gib",
    "measured_activations_gib",
    "measured_overhead_gib",
    "measured_checkpoint_gib",
    "measured_kv_pool_gib",
    "measured_kv_capacity_tokens",
    "measured_max_concurrency",
)
NEAR = 0.02  # what a driver keeps of the same accelerator differs by as much
Cells = dict[str, str]
_PLAIN = ("tp", "pp", "dp", "max_context", "max_num_batched_tokens", "max_num_seqs")


@frozen
class Rows:
    """Rows under COLUMNS, and what the reader should know of them."""

    rows: tuple[Mapping[str, str], ...]
    notes: tuple[Diagnostic, ...]


def measured_rows(logs: Iterable[Log], gpu: str | None, model: str | None) -> Rows:
    """Return a row for each start; `gpu` and `model` are what the user says of all of them.

    Raises Problem: SZ102 for each start without a model or an accelerator, SZ701 for a name of an
    accelerator that the catalog lacks.
    """
    found = [_Row(log, start) for log in logs for start in log.starts]
    rows = tuple(each.filled(gpu, model) for each in found)
    faults = [fault for each in found for fault in each.faults]
    if faults:
        raise Problem(tuple(dict.fromkeys(faults)))
    return Rows(rows, tuple(note for each in found for note in each.notes))


@define
class _Row:
    log: Log
    start: Start
    faults: list[Diagnostic] = Factory(list)
    notes: list[Diagnostic] = Factory(list)

    def filled(self, gpu: str | None, model: str | None) -> Cells:
        """Return the row; what is wrong with it is added to the faults."""
        told = self.start.settings
        memory = memory_of(self.start)
        self.notes += memory.notes
        cells = dict.fromkeys(COLUMNS, "")
        cells |= {"log": self.log.file, "engine": "vllm"} | memory.cells
        cells |= {name: told[name].text for name in _PLAIN if name in told}
        cells["engine_version"] = told["version"].text if "version" in told else ""
        cells["model"] = self._model(model)
        cells["gpu"] = self._gpu(gpu, memory)
        cells["weights"] = self._noted(weight_format(cells["model"], told))
        cells["kv_format"] = cache_format(told)
        if told.get("expert_parallel", Said("", Place(""))).text == "True":
            cells["ep"] = str(int(cells["tp"] or 1) * int(cells["dp"] or 1))  # vLLM's only choice
        cells |= _load(cells["max_context"])
        if "tp" not in told:
            self._headless()
        return cells

    def _model(self, given: str | None) -> str:
        if given is not None:
            return given
        said = self.start.settings.get("model")
        if said is None:
            self._missing("model", "give it with `--model`")
            return ""
        return self._noted(model_of(said))

    def _gpu(self, given: str | None, memory: Memory) -> str:
        said = self.start.settings.get("device")
        if given is not None:
            return self._known(Said(given, Place("--gpu")))
        if said is not None:
            return self._known(said)
        self._missing("accelerator", _like(memory.cells.get("gpu_memory_gib", "")))
        return ""

    def _known(self, said: Said) -> str:
        known = knows_gpu(said.text)
        if known is None:
            message = f"unknown accelerator {said.text!r}"
            help_ = "`sizer gpus` lists the names; `--gpu NAME` says which it is"
            self.faults.append(Diagnostic(GPU, message, said.place, help_))
        return known or ""

    def _missing(self, what: str, help_: str) -> None:
        place = next(iter(self.start.settings.values()), Said("", Place(self.log.file))).place
        message = f"the log does not name the {what}"
        self.faults.append(Diagnostic(MISSING, message, Place(place.file, place.line), help_))

    def _headless(self) -> None:
        said = "the log lacks the line `Initializing a ... LLM engine ... with config:`"
        help_ = "splits, formats and version are blank, which is the default of each"
        self.notes.append(Diagnostic(LESS, said, Place(self.log.file), help_, "warning"))

    def _noted(self, found: tuple[str, Diagnostic | None]) -> str:
        value, note = found
        if note is not None:
            self.notes.append(note)
        return value


def _load(max_context: str) -> Cells:
    """Return the longest prompt of an engine that does not take the default load."""
    default = Workload()
    if not max_context or int(max_context) >= default.input_tokens[0] + default.output_tokens[0]:
        return {}
    return {"input_tokens": str(int(max_context) - 1), "output_tokens": "1"}


def _like(total: str) -> str:
    """Return the help for an unnamed accelerator: those of the total that the log tells."""
    from sizer.catalog.gpus import find_gpu, gpu_names  # noqa: PLC0415  # reads every accelerator

    if not total:
        return "give it with `--gpu`"
    known = [find_gpu(name).value for name in gpu_names()]
    near = [each.name for each in known if abs(each.memory_gib / float(total) - 1) <= NEAR]
    which = f"; {total} GiB may be {', '.join(near)}" if near else ""
    return f"give it with `--gpu`{which}"
