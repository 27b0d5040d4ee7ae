"""What a simulation needs of a deployment: how long steps take, and what a step may hold."""

from __future__ import annotations

from attrs import frozen


@frozen(eq=False)
class StepTimes:
    """Seconds and limits of one attention group, which schedules its requests by itself.

    `decode_s[n]` is a decode step of n requests without the caches that it reads, from 0 (the
    least time of any step) to `max_num_seqs`. `cached_token_s` is one token of cache that a step
    reads. `prompt_token_s` and `squared_token_s` are a prompt's work in a pass of its own: so much
    for each token, and for each square of its length. `interference` is that work in a step that
    decodes, over the work alone. A lone prompt and the pass over the weights overlap as a p-norm of
    `sharpness`. `first_token_s` is what a first token costs outside of steps, and `eager_s`
    what its prompt's launches cost, as far as nobody's decoding hides them. In a closed loop it
    comes `step_wait` steps of those that run after what its prompt takes alone, as measured there;
    None is as the schedule has it.

    A cache has `cache_blocks` of `block_tokens` each; a request takes `request_blocks` more than
    its tokens do, for states and windows. Prompts of up to `whole_prompt_tokens` are not cut.
    `prompts_first` when decoding waits while prompts are read, `evicts` when a full cache takes the
    youngest request out to read it again later; else its whole answer has room from the start.
    Prompts wait for `prefill_wait_steps` of decoding, and the engine looks for new ones every
    `scheduler_recv_interval` steps.

    A step yields `acceptance_length` tokens of each request in the mean, and takes room for
    `checked_tokens`: more than one where tokens are drafted.

    `groups` of each of the `replicas` are engines of their own.
    """

    decode_s: tuple[float, ...]
    cached_token_s: float
    prompt_token_s: float
    squared_token_s: float = 0.0
    interference: float = 1.0
    sharpness: float = 1.8
    first_token_s: float = 0.0
    eager_s: float = 0.0
    step_wait: float | None = None
    max_num_batched_tokens: int = 8192
    cache_blocks: int = 1 << 40
    block_tokens: int = 16
    request_blocks: int = 0
    whole_prompt_tokens: float = 0.0
    prompts_first: bool = False
    evicts: bool = True
    static_batching: bool = False
    prefill_wait_steps: int = 0
    scheduler_recv_interval: int = 1
    groups: int = 1
    replicas: int = 1
    acceptance_length: float = 1.0
    checked_tokens: int = 1

    @property
    def max_num_seqs(self) -> int:
        """Requests that run at once at most, whatever the cache holds."""
        return len(self.decode_s) - 1

    def prompt_s(self, tokens: int, squares: int) -> float:
        """Return the work of prompt tokens alone; `squares` are of lengths, less what was read."""
        return self.prompt_token_s * tokens + self.squared_token_s * squares

    def alone_s(self, prompt_s: float) -> float:
        """Return a pass of prompts alone: their work overlaps with the pass over the weights."""
        power, weights_s = self.sharpness, self.decode_s[0]
        both: float = (prompt_s**power + weights_s**power) ** (1.0 / power)
        return both
