import pytest

from sizer.diagnostic import Problem
from sizer.structure.shape.profile import structure_rules
from sizer.structure.toml.document import parse_document


def test_a_rule_file_holds_rules() -> None:
    text = "dsl = 1\nextends = 'a.toml'\n[[rule]]\nid = 'x'\nrequire = 'fits'\n"
    file = structure_rules(parse_document(text, "r.toml"))
    assert file.extends == ("a.toml",)
    assert [rule.id for rule in file.rule] == ["x"]


def test_a_rule_file_holds_nothing_of_a_question() -> None:
    with pytest.raises(Problem) as caught:
        structure_rules(parse_document("dsl = 1\n[select]\nlimit = 1\n", "r.toml"))
    assert [each.code for each in caught.value.diagnostics] == ["SZ103"]
