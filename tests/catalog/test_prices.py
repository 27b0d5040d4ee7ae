from __future__ import annotations

import re
from datetime import date

import pytest

from sizer.catalog.gpus import gpu_names
from sizer.catalog.prices import price, prices_of, providers
from sizer.schema.facts.gpu import UNDATED, Price, Terms

ALL = [each for gpu in gpu_names() for each in prices_of(gpu)]


def test_there_are_prices_by_several_providers() -> None:
    assert len(ALL) >= 60
    assert {"aws", "azure", "gcp", "lambda"} <= set(providers())


def test_every_price_is_of_a_catalog_accelerator() -> None:
    assert {each.provider for each in ALL} == set(providers())


def test_an_accelerator_has_one_price_for_each_provider() -> None:
    assert len({(each.gpu, each.provider) for each in ALL}) == len(ALL)


@pytest.mark.parametrize("each", ALL, ids=lambda each: f"{each.gpu}-{each.provider}")
def test_a_price_is_positive_dated_and_sourced(each: Price) -> None:
    assert 0.05 < each.usd_per_gpu_hour < 50
    assert each.as_of == UNDATED or date.fromisoformat(each.as_of) >= date(2024, 1, 1)
    assert re.search(r"@[0-9a-f]{8}", each.source)
    assert each.basis
    assert each.region


@pytest.mark.parametrize(
    ("gpu", "provider", "usd"),
    [
        ("H100-SXM5-80GB", "aws", 55.04 / 8),
        ("H100-SXM5-80GB", "azure", 98.32 / 8),
        ("A100-SXM4-80GB", "gcp", 5.0688),
        ("L4", "aws", 0.8048),
        ("L4", "gcp", 0.70683),
        ("A10G", "aws", 1.006),
        ("T4", "azure", 0.526),
        ("TPU-v5e", "gcp", 1.26065),
    ],
)
def test_the_price_is_of_the_size_that_is_cheapest_per_accelerator(
    gpu: str, provider: str | None, usd: float
) -> None:
    found = price(gpu, Terms(provider))
    assert found is not None
    assert found.usd_per_gpu_hour == pytest.approx(usd)


def test_without_a_provider_the_median_says_of_what_and_from_when() -> None:
    found = price("H100-SXM5-80GB")
    assert found is not None
    # 2.29 2.40 2.95 4.09 6.88 11.06 12.29
    assert found.usd_per_gpu_hour == pytest.approx(4.09)
    assert found.provider == "median"
    assert found.as_of == "2026-06-18"
    assert found.basis == (
        "median of 7 providers: aws, azure, gcp, hyperstack, lambda, nebius, verda; "
        "4 of them undated"
    )


def test_a_median_of_undated_prices_has_no_date() -> None:
    found = price("H100-PCIe")
    assert found is not None
    assert found.usd_per_gpu_hour == pytest.approx((1.9 + 3.29) / 2)
    assert found.as_of == UNDATED


def test_a_single_price_is_not_called_a_median() -> None:
    found = price("MI300X")
    assert found is not None
    assert found.provider == "azure"
    assert found.basis.startswith("cheapest size per accelerator")


@pytest.mark.parametrize(
    ("gpu", "provider"), [("RTX-4090", None), ("MI300X", "aws"), ("no-such", None)]
)
def test_a_price_that_nobody_published_is_unknown(gpu: str, provider: str | None) -> None:
    assert price(gpu, Terms(provider)) is None


def test_estimates_and_costs_of_ownership_are_not_prices() -> None:
    assert not {each for each in providers() if "estimate" in each or "TCO" in each}
