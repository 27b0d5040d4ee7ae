"""One engine: continuous batching, step by step.

Every running request gets a token a step, or several where they are drafted. What is left of the
step's tokens goes to prompts, first come first served; a prompt may be cut. A request is let in
when it has a place among those that run and its prompt has room in the cache. Steps in which
nothing but tokens happens are taken together.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from attrs import define, field

from sizer.schema.facts.step_times import StepTimes
from sizer.simulate.batch import Batch, Decoding
from sizer.simulate.cache import Cache
from sizer.simulate.prompt import Prompt
from sizer.simulate.record import Record

NOTHING: tuple[int, ...] = ()
ENDLESS = 1 << 60


@define(eq=False)
class Engine:
    """One attention group of one replica.

    `submit` requests in order of arrival, and `run` until a time. What happens is in `record`.
    """

    times: StepTimes
    record: Record
    replica: int = 0
    now: float = 0.0
    outstanding: int = 0  # requests inside, as a router sees them
    batch: Batch = field(init=False)
    cache: Cache = field(init=False)
    waiting: deque[Prompt] = field(factory=deque)
    reading: Prompt | None = None
    _blocked: bool = False  # nobody is let in until a request leaves
    _seen_step: int = 0  # from which prompts are held back
    _groups: list[tuple[float, int]] = field(factory=list)  # when how many had their last token
    _together: list[int] = field(factory=list)  # a static batch's, which end with it

    def __attrs_post_init__(self) -> None:
        """Start empty."""
        times, part = self.times, self.record.requests.prefix_tokens
        self.batch = Batch(times.block_tokens, times.acceptance_length)
        self.cache = Cache(times.cache_blocks, -(-part // times.block_tokens))

    def admits(self, request: int) -> bool:
        """Say whether the cache holds a request at its end."""
        tokens = self.record.inputs[request] + self.record.outputs[request] - 1
        return self._blocks(tokens) <= self.times.cache_blocks

    def submit(self, request: int, at_s: float) -> None:
        """Queue a request; an idle engine starts when it comes."""
        if not self.outstanding and at_s > self.now:
            self.record.idle(self.now, at_s)
            self.now = at_s
        if not self.waiting:
            self._seen_step = self.batch.step
        record = self.record
        record.queued(request, max(at_s, self.now))
        self.waiting.append(Prompt(request, record.inputs[request], record.outputs[request]))
        self.outstanding += 1

    def run(self, until_s: float) -> None:
        """Take all steps that start before a time."""
        while self.now < until_s and self.outstanding:
            self.advance(until_s)

    def advance(self, until_s: float) -> None:
        """Take a step, or several that nothing interrupts, but none that starts at `until_s`."""
        held = self._held_steps()
        reads = (self.reading is not None or self.waiting) and not self._blocked
        if reads and not held and self._read_step():
            return
        reads = (self.reading is not None or self.waiting) and not self._blocked
        self._decode(until_s, max(held, 1) if reads else ENDLESS)

    def clear(self) -> list[int]:
        """Return the requests inside, those that run first, and leave none of them."""
        reading = [self.reading.request] if self.reading else []
        found = [
            *self._together,
            *self.batch.requests,
            *reading,
            *(each.request for each in self.waiting),
        ]
        self.batch = Batch(self.times.block_tokens, self.times.acceptance_length)
        self.cache = Cache(0)
        self.waiting.clear()
        self._together.clear()
        self._groups.clear()
        self.reading, self.outstanding = None, 0
        return found

    def _held_steps(self) -> int:
        """Return for how many steps more prompts are held back; not where nothing decodes."""
        wait, interval = self.times.prefill_wait_steps, self.times.scheduler_recv_interval
        if (not wait and interval == 1) or not self.batch.count or self.reading or not self.waiting:
            return 0
        release = self._seen_step + wait
        release = -(-release // interval) * interval
        return max(release - self.batch.step, 0)

    def _decode(self, until_s: float, most: int) -> None:
        """Take up to `most` decode steps; all have the same requests, each some tokens longer."""
        times, batch = self.times, self.batch
        most = min(most, batch.steps_to_end)
        if times.evicts and not self._grows(most):
            self._make_room()
            most = 1
        running = batch.count
        first = times.decode_s[running] + times.cached_token_s * (batch.length + running)
        more = times.cached_token_s * running * times.acceptance_length
        steps = _steps_before(until_s - self.now, first, more, most)
        spent = steps * first + more * steps * (steps - 1) / 2.0
        if times.evicts:
            self.cache.take(batch.growth(steps))
        batch.advance(steps)
        self._tokens(self.now + first)
        self.now += spent
        if steps > 1:
            self.record.gap((spent - first) / (steps - 1), running * (steps - 1))
            self._groups = [(self.now, running)]
        self._end()

    def _grows(self, steps: int) -> bool:
        """Say whether the cache surely has room for so many steps."""
        tokens = math.ceil(steps * self.times.acceptance_length)
        borders = tokens // self.times.block_tokens + 1
        return self.batch.count * borders <= self.cache.room

    def _make_room(self) -> bool:
        """Take the youngest out until the next step has its blocks; say if anybody left."""
        found = False
        while self.batch.growth() > self.cache.room and (self.reading or self.batch.count > 1):
            self._take_out()
            found = True
        return found

    def _take_out(self) -> None:
        """Take the youngest request out; it is read again, with the tokens that it has."""
        if self.reading is not None:
            prompt, self.reading = self.reading, None
            self._free(prompt.request, prompt.length)
            prompt.read = 0
        else:
            taken = self.batch.youngest()
            self._free(taken.request, taken.length)
            prompt = Prompt(taken.request, taken.length + 1, taken.left, 0, self._left_group())
        self.waiting.appendleft(prompt)
        self.record.taken_out(prompt.request)
        self._blocked = False

    def _left_group(self) -> float:
        """Return when the youngest had its last token."""
        token_s, count = self._groups.pop()
        if count > 1:
            self._groups.append((token_s, count - 1))
        return token_s

    def _read_step(self) -> bool:
        """Take a step that reads prompts, if it can."""
        times, running = self.times, self.batch.count
        decodes = running > 0 and not times.prompts_first
        if decodes and times.evicts and self._make_room():
            return False
        growth = self.batch.growth() if decodes and times.evicts else 0
        self.cache.take(growth)  # those that decode go before those that wait
        budget = times.max_num_batched_tokens - (running * times.checked_tokens if decodes else 0)
        tokens, squares, done = self._read(ENDLESS if times.static_batching else budget)
        if not tokens:
            self.cache.used -= growth
            self._blocked = self._blocked or budget <= 0
            return False
        step_s = self._step_s() if running else 0.0
        self._pass(tokens, squares, step_s, decodes=decodes)
        before = self.batch.count
        if times.static_batching:
            done.sort(key=lambda each: each.left <= 1)  # who ends at once waits for the others
        for prompt in done:
            self._start(prompt, step_s)
        if self.batch.count > before:
            self._groups.append((self.now, self.batch.count - before))
        self._end()
        return True

    def _read(self, budget: int) -> tuple[int, int, list[Prompt]]:
        """Read prompts for one step: return tokens, squares of lengths and who is done."""
        tokens = squares = 0
        done: list[Prompt] = []
        while budget > 0:
            prompt = self.reading or self._admitted(budget, len(done))
            if prompt is None:
                break
            part = prompt.length - prompt.read
            if part > self.times.whole_prompt_tokens:
                part = min(part, budget)
            squares += (prompt.read + part) ** 2 - prompt.read**2
            tokens += part
            budget -= part
            prompt.read += part
            prompt.passes += 1
            self.reading = prompt
            if prompt.read < prompt.length:
                break
            done.append(prompt)
            self.reading = None
        return tokens, squares, done

    def _admitted(self, budget: int, done: int) -> Prompt | None:
        """Let the first one in that waits, if it has a place and room; nobody overtakes it."""
        times = self.times
        inside = self.batch.count + done
        if not self.waiting:
            return None
        if inside >= times.max_num_seqs or (times.static_batching and self.batch.count):
            self._blocked = True
            return None
        prompt = self.waiting[0]
        whole = prompt.length <= times.whole_prompt_tokens
        if whole and prompt.length > budget < times.max_num_batched_tokens:
            return None
        if not self._takes(prompt):
            self._blocked = True
            return None
        self._seen_step = self.batch.step
        if math.isnan(prompt.token_s):
            self.record.taken_in(prompt.request, self.now)
        return self.waiting.popleft()

    def _takes(self, prompt: Prompt) -> bool:
        """Give a prompt its blocks, if there are as many, and skip what is in the cache."""
        cache, parts = self.cache, self._parts(prompt.request)
        found = cache.found(parts) if parts else 0
        blocks = self._held(prompt.request, prompt.length) - len(parts) * cache.part_blocks
        needed = blocks + (cache.unheld(parts) * cache.part_blocks if parts else 0)
        if needed > cache.room:
            return False
        if parts:
            cache.hold(parts)
        cache.take(blocks)
        prompt.read = min(found * self.record.requests.prefix_tokens, prompt.length - 1)
        if math.isnan(prompt.token_s):
            rest = int(self.record.requests.cached_share * (prompt.length - prompt.read))
            prompt.read = min(prompt.read + rest, prompt.length - 1)
        prompt.found, prompt.passes = prompt.read, 0
        return True

    def _held(self, request: int, length: int) -> int:
        """Return the blocks of a request: of its length now, or at its end if they are reserved."""
        if self.times.evicts:
            return self._blocks(length)
        return self._blocks(self.record.inputs[request] + self.record.outputs[request] - 1)

    def _blocks(self, tokens: int) -> int:
        return -(-tokens // self.times.block_tokens) + self.times.request_blocks

    def _parts(self, request: int) -> Sequence[int]:
        """Return the parts of a prompt that others may have too."""
        prefixes = self.record.prefixes
        return prefixes[request] if prefixes else NOTHING

    def _free(self, request: int, length: int) -> None:
        """Take the blocks of a request back; parts of its prefix are kept."""
        parts = self._parts(request)
        self.cache.used -= self._held(request, length) - len(parts) * self.cache.part_blocks
        if parts:
            self.cache.drop(parts)
        self._blocked = False

    def _step_s(self) -> float:
        """Return how long a decode step of those that run takes."""
        running = self.batch.count
        caches = self.times.cached_token_s * (self.batch.length + running)
        return self.times.decode_s[running] + caches

    def _pass(self, tokens: int, squares: int, step_s: float, *, decodes: bool) -> None:
        """Spend the time of a step that reads prompts, and decodes too or not."""
        prompt_s = self.times.prompt_s(tokens, squares)
        if not decodes:
            self.now += self.times.alone_s(prompt_s)
            return
        spent = step_s + self.times.interference * prompt_s
        self.batch.advance(1)
        self._tokens(self.now + spent)
        self.now += spent

    def _late_s(self, prompt: Prompt, step_s: float) -> float:
        """Return how much later than scheduled a first token comes where steps take `step_s`.

        It is no earlier than that of a prompt alone whose kernels are launched one by one. In
        closed loops `step_wait` steps for each pass were measured beside; of these half of a step
        is scheduled, and as many steps as passes if these decode too.
        """
        times, closed = self.times, self.record.requests.users is not None
        squares = prompt.length**2 - prompt.found**2
        prompt_s = times.prompt_s(prompt.length - prompt.found, squares)
        alone_s = times.alone_s(prompt_s)
        if not step_s:
            return times.eager_s
        scheduled = alone_s
        if not times.prompts_first:
            scheduled = prompt.passes * step_s + times.interference * prompt_s
        late = alone_s + times.eager_s - scheduled
        if closed and times.step_wait is not None:
            late += (times.step_wait * prompt.passes - 0.5) * step_s
        return max(late, 0.0)

    def _tokens(self, at_s: float) -> None:
        """Give all that decode a token at a time."""
        for token_s, count in self._groups:
            self.record.gap(at_s - token_s, count)
        self._groups = [(at_s, self.batch.count)]

    def _start(self, prompt: Prompt, step_s: float) -> None:
        """Give a prompt that is read its first token, or after a recompute its next."""
        if math.isnan(prompt.token_s):
            self.record.first(prompt.request, self.now, self._late_s(prompt, step_s))
        else:
            self.record.gap(self.now - prompt.token_s, 1)
        if prompt.left > 1:
            self.batch.start(prompt.request, prompt.length, prompt.left - 1)
        else:
            self._leave(prompt.request, prompt.length)

    def _end(self) -> None:
        """Let those leave that have all their tokens."""
        ended = self.batch.ended()
        for each in ended:
            self._leave(each.request, each.length)
        self._groups = self._without(ended)

    def _without(self, ended: list[Decoding]) -> list[tuple[float, int]]:
        """Return groups of last tokens without who has left: after a step there is one group."""
        if not ended:
            return self._groups
        return [(self.now, self.batch.count)] if self.batch.count else []

    def _leave(self, request: int, length: int) -> None:
        self._free(request, length)
        if self.times.static_batching:
            self._together.append(request)
            if self.batch.count:
                return
        for each in self._together or (request,):
            self.record.last(each, self.now)
            self.outstanding -= 1
        self._together.clear()


def _steps_before(left_s: float, first: float, more: float, most: int) -> int:
    """Return how many of `most` steps start within a time, at least one.

    The first takes `first` seconds, each next one `more` longer than the one before.
    """
    if left_s >= most * first + more * most * (most - 1) / 2.0:
        return most
    middle = first - more / 2.0
    needed = left_s / first
    if more > 0.0:
        needed = (math.sqrt(middle * middle + 2.0 * more * left_s) - middle) / more
    return min(max(math.ceil(needed - 1e-9), 1), most)
