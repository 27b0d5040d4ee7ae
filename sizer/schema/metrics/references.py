"""Who says so: what metrics refer to."""

from __future__ import annotations

ASKED = "the profile"
CATALOG = "the catalog's source for this entry"
ROOFLINE = "Williams et al., Roofline, CACM 52(4), 2009"
SERVING = "Kwon et al., PagedAttention, SOSP 2023"
CALIBRATED = "the calibration: measurements of groups that were left out of the fit"
LITTLE = "Little, A proof for the queuing formula L = lambda W, Oper. Res. 9(3), 1961"
GOODPUT = "Zhong et al., DistServe, OSDI 2024"
MEGATRON = "Shoeybi et al., Megatron-LM, arXiv:1909.08053"
SPECULATION = "Leviathan et al., Fast Inference via Speculative Decoding, arXiv:2211.17192"
QUEUES = "Takagi, Analysis of Polling Systems, MIT Press, 1986"
ENERGY_ROOFLINE = "Choi et al., A Roofline Model of Energy, IPDPS 2013"
