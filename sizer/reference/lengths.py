"""How long prompts and answers are: as asked, and as much of it as a model's context allows."""

from __future__ import annotations

from typing import Any

from attrs import evolve, frozen

from sizer.diagnostic import problem
from sizer.schema.asked.serving import Workload

ANSWER_SHARE = 4  # of a sequence length that is given whole, a quarter is the answer
DEFAULT = Workload()


@frozen
class Lengths:
    """Lengths in tokens; of a sequence that is given alone, a quarter is the answer."""

    input_length: int | None = None
    output_length: int | None = None
    sequence_length: int | None = None

    def both(self) -> tuple[int, int]:
        """Return the lengths of prompt and answer.

        Raises Problem (SZ104) where they are longer than the sequence.
        """
        prompt, answer, whole = self.input_length, self.output_length, self.sequence_length
        if whole is not None:
            if prompt is None and answer is None:
                answer = max(whole // ANSWER_SHARE, 1)
            prompt = max(whole - answer, 0) if prompt is None and answer is not None else prompt
            answer = max(whole - prompt, 0) if answer is None and prompt is not None else answer
        prompt = DEFAULT.input_tokens[0] if prompt is None else prompt
        answer = DEFAULT.output_tokens[0] if answer is None else answer
        if min(prompt, answer) < 1 or (whole is not None and prompt + answer > whole):
            said = f"a prompt and an answer of {prompt:,} + {answer:,} tokens"
            said += "" if whole is None else f" in a sequence of {whole:,}"
            raise problem("SZ104", said, hint="each takes a token or more, together the sequence")
        return prompt, answer

    def context(self) -> int:
        """Return the longest sequence."""
        return self.sequence_length or sum(self.both())

    def workload(self) -> dict[str, Any]:
        """Return the keys of a workload."""
        prompt, answer = self.both()
        found = {"input_tokens": prompt, "output_tokens": answer}
        if self.sequence_length is not None and self.sequence_length > prompt + answer:
            found["max_context"] = self.sequence_length
        return found

    def within(self, context: int) -> Lengths:
        """Return lengths that a context of so many tokens holds, in the same proportion."""
        if not 2 <= context < self.context():
            return self
        prompt, answer = self.both()
        if prompt + answer <= context:
            return evolve(self, input_length=prompt, output_length=answer, sequence_length=context)
        less = min(max(round(answer * context / (prompt + answer)), 1), context - 1)
        return Lengths(context - less, less)
