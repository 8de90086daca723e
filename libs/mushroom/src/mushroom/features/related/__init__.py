"""What lies behind a reference: attributes of what events were about, events of a shared key."""

from mushroom.features.related.build import build_related
from mushroom.features.related.check import check_related
from mushroom.features.related.options import RelatedOptions

__all__ = ["RelatedOptions", "build_related", "check_related"]
