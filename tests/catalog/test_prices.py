from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from sizer.catalog.gpus import gpu_names
from sizer.catalog.prices import ANY, gpus_from, price, prices_of, prices_on, providers, regions
from sizer.schema.facts.price import UNDATED, Price, Quote, Terms

ALL = [each for gpu in gpu_names() for each in prices_of(gpu)]
TERMS = ("on_demand", "spot", "capacity_block")


def test_there_are_instances_of_many_providers_on_several_terms() -> None:
    assert len(ALL) >= 350
    assert {"aws", "azure", "coreweave", "gcp", "lambda", "oci", "vast"} <= set(providers())
    assert {each.term for each in ALL} == set(TERMS)


def test_every_price_is_of_a_catalog_accelerator() -> None:
    assert {each.gpu for name in providers() for each in _sold_by(name)} <= set(gpu_names())
    assert {each.provider for each in ALL} == set(providers())


def _sold_by(provider: str) -> list[Price]:
    return [each for gpu in gpus_from(provider) for each in prices_of(gpu)]


def test_an_instance_has_one_price_in_a_region_on_a_term() -> None:
    offers = Counter(
        (each.gpu, each.provider, each.instance, each.gpus, region, each.term)
        for each in ALL
        for region in each.region.split(" / ")
    )
    assert [offer for offer, count in offers.items() if count > 1] == []


def test_one_by_one_and_by_instance_are_not_mixed() -> None:
    kinds: dict[tuple[str, str, str], set[bool]] = {}
    for each in ALL:
        kinds.setdefault((each.gpu, each.provider, each.term), set()).add(each.gpus is None)
    assert [offer for offer, found in kinds.items() if len(found) > 1] == []


@pytest.mark.parametrize("provider", providers())
def test_prices_are_positive_dated_and_sourced(provider: str) -> None:
    for each in (each for each in ALL if each.provider == provider):
        assert 0.04 < each.usd_per_gpu_hour < 50, each
        assert each.as_of == UNDATED or date.fromisoformat(each.as_of) >= date(2024, 1, 1), each
        assert re.search(r"@[0-9a-f]{8}.*:|^[a-z.]+/", each.source), each
        assert each.gpus is None or each.gpus >= 1, each
        assert not each.instance or each.gpus is not None, each


def test_spot_is_below_on_demand() -> None:
    on_demand = {
        (each.provider, each.gpu, each.instance): each.usd_per_hour
        for each in ALL
        if each.term == "on_demand"
    }
    spot = [each for each in ALL if each.term == "spot"]
    pairs = [(each, on_demand.get((each.provider, each.gpu, each.instance))) for each in spot]
    assert len([pair for pair in pairs if pair[1] is not None]) > 30
    assert [each for each, full in pairs if full is not None and each.usd_per_hour >= full] == []


def test_a_larger_instance_of_a_provider_costs_more() -> None:
    for provider in providers():
        for gpu in gpus_from(provider):
            sold = prices_on(gpu, Terms(provider))
            for region in {each.region for each in sold}:
                here = [each for each in sold if each.region == region and each.gpus]
                cheapest = {
                    count: min(each.usd_per_hour for each in here if each.gpus == count)
                    for count in {each.gpus for each in here}
                }
                ordered = [cheapest[count] for count in sorted(cheapest, key=int)]
                assert ordered == sorted(ordered), (provider, gpu)


def quote(gpu: str, terms: Terms = ANY) -> Quote:
    found = price(gpu, terms)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("gpu", "provider", "usd", "instance"),
    [
        ("H100-SXM5-80GB", "aws", 55.04 / 8, "p5.4xlarge"),
        ("H100-SXM5-80GB", "azure", 88.488 / 8, "ND96is_H100_v5"),
        ("A100-SXM4-80GB", "gcp", 5.0688, "a2-ultragpu-8g"),
        ("L4", "aws", 0.8048, "g6.xlarge"),
        ("A10G", "aws", 1.006, "g5.xlarge"),
        ("T4", "azure", 0.526, "NC4as_T4_v3"),
        ("RTX-PRO-4500-Blackwell-Server", "aws", 2.52, "g7.2xlarge"),
        ("TPU-v5e", "gcp", 1.2, ""),
    ],
)
def test_a_quote_is_of_the_instance_that_is_cheapest_per_accelerator(
    gpu: str, provider: str, usd: float, instance: str
) -> None:
    found = quote(gpu, Terms(provider)).middle
    assert found.usd_per_gpu_hour == pytest.approx(usd, rel=1e-4)
    assert found.instance == instance


def test_a_quote_has_each_provider_once_and_somebody_asks_its_median() -> None:
    found = quote("H100-SXM5-80GB")
    sellers = [each.provider for each in found.prices]
    assert len(sellers) == len(set(sellers)) >= 10
    assert found.middle in found.prices
    assert found.lowest.usd_per_gpu_hour < found.middle.usd_per_gpu_hour
    assert found.middle.usd_per_gpu_hour < found.highest.usd_per_gpu_hour
    assert found.undated == sum(each.as_of == UNDATED for each in found.prices)


def test_of_two_providers_the_lower_counts() -> None:
    found = quote("T4")
    assert [each.provider for each in found.prices] == ["aws", "azure"]
    assert found.middle == found.lowest


@pytest.mark.parametrize(
    ("gpu", "terms"),
    [
        ("B100", ANY),
        ("MI300X", Terms("aws")),
        ("no-such", ANY),
        ("H100-SXM5-80GB", Terms(term="reserved")),
        ("H100-SXM5-80GB", Terms("aws", "eu-west-1")),
        ("H100-SXM5-80GB", Terms("lambda", since="2020-01-01")),
    ],
)
def test_a_price_that_nobody_published_is_unknown(gpu: str, terms: Terms) -> None:
    assert price(gpu, terms) is None
    assert prices_on(gpu, terms) == ()


def test_terms_choose_among_instances() -> None:
    spot = quote("H100-SXM5-80GB", Terms("GCP", "US-CENTRAL1", "spot"))
    assert spot.middle.usd_per_gpu_hour == pytest.approx(50.60954 / 8)
    block = quote("H200-SXM", Terms("aws", term="capacity_block"))
    assert (block.middle.instance, block.middle.usd_per_hour) == ("p5e.48xlarge", 39.80)
    assert {"us-east-1", "eastus", "FIN-03"} <= set(regions())


def test_estimates_and_costs_of_ownership_are_not_prices() -> None:
    assert not {each for each in providers() if "estimate" in each or "TCO" in each}
