"""A second engine, as plain as can be: every request is touched in every step.

It shares no line with sizer/simulate, and is what that is held against. Its sharpness is 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sizer.schema.facts.step_times import StepTimes


@dataclass
class One:
    number: int
    to_read: int
    to_answer: int
    read: int = 0
    cached: int = 0  # tokens in the cache while it decodes


@dataclass
class Stepwise:
    """An engine with all requests that will ever come."""

    times: StepTimes
    arrivals: list[float]
    inputs: list[int]
    outputs: list[int]
    waiting: list[One] = field(default_factory=list)
    reading: list[One] = field(default_factory=list)  # those of this step that are done, too
    running: list[One] = field(default_factory=list)
    now: float = 0.0
    step: int = 0
    seen: int = 0
    evictions: int = 0

    def __post_init__(self) -> None:
        self.coming = list(range(len(self.arrivals)))
        self.first = [math.nan] * len(self.arrivals)
        self.last = [math.nan] * len(self.arrivals)

    def run(self) -> None:
        while self.coming or self.waiting or self.reading or self.running:
            self.arrive()
            decodes = bool(self.running) and not self.times.prompts_first
            crowded = decodes and self.make_room()
            held = self.holds_back()
            budget = self.times.max_num_batched_tokens - (len(self.running) if decodes else 0)
            lengths = [] if crowded or held else self.read(budget, decodes=decodes)
            if self.running and not decodes and not lengths:
                self.make_room()
                decodes = True
            self.spend(lengths, decodes=decodes)
            self.answer(decodes=decodes)
            assert self.used() <= self.times.cache_blocks

    def arrive(self) -> None:
        idle = not (self.waiting or self.reading or self.running)
        if idle and self.arrivals[self.coming[0]] > self.now:
            self.now = self.arrivals[self.coming[0]]
        while self.coming and self.arrivals[self.coming[0]] <= self.now:
            number = self.coming.pop(0)
            if not self.waiting:
                self.seen = self.step
            self.waiting.append(One(number, self.inputs[number], self.outputs[number]))

    def holds_back(self) -> bool:
        if not self.running or self.reading or not self.waiting:
            return False
        release = self.seen + self.times.prefill_wait_steps
        while release % self.times.scheduler_recv_interval:
            release += 1
        return self.step < release

    def blocks(self, one: One, tokens: int) -> int:
        if not self.times.evicts:
            tokens = self.inputs[one.number] + self.outputs[one.number] - 1
        return math.ceil(tokens / self.times.block_tokens) + self.times.request_blocks

    def used(self) -> int:
        read = sum(self.blocks(one, one.to_read) for one in self.reading)
        return read + sum(self.blocks(one, one.cached) for one in self.running)

    def grown(self) -> int:
        """Return what is used when all that decode have a token more."""
        read = sum(self.blocks(one, one.to_read) for one in self.reading)
        return read + sum(self.blocks(one, one.cached + 1) for one in self.running)

    def make_room(self) -> bool:
        found = False
        while self.grown() > self.times.cache_blocks and (self.reading or len(self.running) > 1):
            one = self.reading.pop() if self.reading else self.running.pop()
            one.to_read, one.read, one.cached = one.cached + 1 if one.cached else one.to_read, 0, 0
            self.waiting.insert(0, one)
            self.evictions += 1
            found = True
        return found

    def read(self, budget: int, *, decodes: bool) -> list[tuple[int, int]]:
        """Read what the budget lets in: for each prompt from which token to which."""
        found = []
        while budget > 0:
            unread = [one for one in self.reading if one.read < one.to_read]
            if not unread and not self.admitted(budget, decodes=decodes):
                break
            one = next(one for one in self.reading if one.read < one.to_read)
            part = one.to_read - one.read
            if part > self.times.whole_prompt_tokens:
                part = min(part, budget)
            found.append((one.read, one.read + part))
            one.read += part
            budget -= part
        return found

    def admitted(self, budget: int, *, decodes: bool) -> bool:
        if not self.waiting or len(self.running) + len(self.reading) >= self.times.max_num_seqs:
            return False
        one = self.waiting[0]
        whole = one.to_read <= self.times.whole_prompt_tokens
        if whole and one.to_read > budget < self.times.max_num_batched_tokens:
            return False
        self.reading.append(one)
        if (self.grown() if decodes else self.used()) > self.times.cache_blocks:
            self.reading.pop()
            return False
        self.waiting.pop(0)
        self.seen = self.step
        return True

    def spend(self, lengths: list[tuple[int, int]], *, decodes: bool) -> None:
        times = self.times
        tokens = sum(end - start for start, end in lengths)
        squares = sum(end**2 - start**2 for start, end in lengths)
        prompt = times.prompt_token_s * tokens + times.squared_token_s * squares
        if decodes:
            self.now += times.decode_s[len(self.running)] + times.interference * prompt
            self.now += sum(times.cached_token_s * (one.cached + 1) for one in self.running)
            self.step += 1
        else:
            self.now += math.hypot(prompt, times.decode_s[0])

    def answer(self, *, decodes: bool) -> None:
        """Give a token to each that decodes, and to each whose prompt is read."""
        for one in list(self.running) if decodes else []:
            one.cached += 1
            self.token(one)
        for one in [one for one in self.reading if one.read == one.to_read]:
            self.reading.remove(one)
            one.cached = one.to_read
            if math.isnan(self.first[one.number]):
                self.first[one.number] = self.now
            self.running.append(one)
            self.token(one)

    def token(self, one: One) -> None:
        one.to_answer -= 1
        if not one.to_answer:
            self.last[one.number] = self.now
            self.running.remove(one)
