"""llama.cpp's memory on one device: a file's layers, buffers of a micro-batch, slots of a cache.

The input table stays on the host. Layers go to the device from the last one back, the output
projection first, as far as `gpu_layers` reaches; the cache of a layer is where the layer is
(llama.cpp, `llama-model.cpp`). A vision file is loaded besides, at 16 bit.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from sizer.estimate.device.loaded import loaded_tensors
from sizer.estimate.device.stages import Stage
from sizer.estimate.device.tensors import Tensor
from sizer.estimate.engine.settings import Settings
from sizer.schema.scenario import Deployment

FLOAT = 4.0  # logits and states are 32 bit
HALF = 2.0  # a vision file is 16 bit
NOT_IN_A_FILE = frozenset({"rotary table", "attention.kv_b absorbed", "outside the layers"})


def file_tensors(deployment: Deployment, stage: Stage, settings: Settings) -> Iterator[Tensor]:
    """Yield what one device holds of the model's files."""
    asked, layers = settings.asked.gpu_layers, stage.layers
    held = layers if asked is None else min(asked, layers)
    projects = stage.last and (asked is None or asked > 0)
    on_device = Stage(held, first=False, last=projects)
    for each in loaded_tensors(deployment, on_device, settings.version, settings.extras):
        if each.name not in NOT_IN_A_FILE:
            yield evolve(each, in_segments=False)
    encoder = deployment.model.encoder_parameters
    if settings.asked.mmproj and encoder and stage.first:
        yield Tensor("vision file", "other", 1, encoder, HALF * encoder, in_segments=False)


def file_bytes(deployment: Deployment, stage: Stage, settings: Settings) -> float:
    """Return the bytes that one device holds of the model's files."""
    return sum(tensor.allocated for tensor in file_tensors(deployment, stage, settings))


def device_share(deployment: Deployment, settings: Settings) -> float:
    """Return the share of a stage's layers, and so of its cache, that is on its device."""
    asked = settings.asked.gpu_layers
    layers = deployment.model.layer_count / deployment.pp
    return 1.0 if asked is None else min(asked / layers, 1.0)


def buffer_bytes_per_token(deployment: Deployment) -> float:
    """Return what each token of a micro-batch takes: its logits, and its residual, at 32 bit."""
    return FLOAT * (deployment.model.vocab_size + deployment.model.hidden_size)
