"""Truncated SVD of a sparse matrix of entities by items, of which Python never sees a row.

The singular vectors on the items' side are the eigenvectors of items by items. Those products are
summed in the warehouse, as whole numbers and so exactly; what is left is a small dense matrix. An
entity is described by its row's product with the vectors, again in whole numbers: so the bytes
depend neither on threads nor on the order of rows, and new entities need no new fit.
"""

from mushroom.features.factors.learn import PRODUCTS, learn_factors
from mushroom.features.factors.products import item_products, log_weight
from mushroom.features.factors.projection import dimension_columns, projected

__all__ = [
    "PRODUCTS",
    "dimension_columns",
    "item_products",
    "learn_factors",
    "log_weight",
    "projected",
]
