"""What is known of an entity: columns of an attributes table."""

from mushroom.features.entity_attributes.build import build_entity_attributes
from mushroom.features.entity_attributes.check import check_entity_attributes
from mushroom.features.entity_attributes.options import EntityAttributesOptions

__all__ = ["EntityAttributesOptions", "build_entity_attributes", "check_entity_attributes"]
