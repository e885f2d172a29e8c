package dev.chatgateway.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Optional;

/**
 * Holds objects to fabric8's model of the API, as the API server would: a field that it does not
 * know, or a value of another type, is an error.
 */
final class StrictModel {
  private static final KubernetesSerialization MODELS =
      new KubernetesSerialization(new ObjectMapper(), true);
  private static final ObjectMapper STRICT = strict();

  private StrictModel() {}

  /** Whether there is a model of its kind. */
  static boolean knows(JsonNode object) {
    return model(object) != null;
  }

  /** What is wrong with an object whose kind is known. */
  static Optional<String> complaint(JsonNode object) {
    try {
      STRICT.treeToValue(object, model(object));
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.of(Manifests.id(object) + ": " + e.getMessage());
    }
  }

  private static Class<?> model(JsonNode object) {
    return MODELS.getRegisteredKubernetesResource(
        object.path("apiVersion").asText(), object.path("kind").asText());
  }

  private static ObjectMapper strict() {
    return JsonMapper.builder()
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .annotationIntrospector(new WithoutAnySetters())
        .withCoercionConfig(
            LogicalType.Textual,
            config -> config
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .withCoercionConfig(
            LogicalType.Integer,
            config -> config.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
        .withCoercionConfig(
            LogicalType.Boolean,
            config -> config
                .setCoercion(CoercionInputShape.String, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail))
        .build();
  }

  /** The models keep what they do not know by a setter for anything. */
  private static final class WithoutAnySetters extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }
}
