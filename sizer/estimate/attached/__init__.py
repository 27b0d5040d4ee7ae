"""What runs attached to a model on one accelerator: drafts and adapters.

Comes in: a deployment. Goes out: bytes and operations of one pass, as those of a model's shard. It
never says how long they take.
"""

from sizer.estimate.attached.adapter_shard import AdapterShard, adapter_shard
from sizer.estimate.attached.draft_shard import DraftShard, draft_shard

__all__ = ["AdapterShard", "DraftShard", "adapter_shard", "draft_shard"]
