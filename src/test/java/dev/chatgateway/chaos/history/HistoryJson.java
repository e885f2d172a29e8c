package dev.chatgateway.chaos.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** How entries are written and read. */
final class HistoryJson {
  private HistoryJson() {}

  static ObjectWriter writer() {
    return mapper().writerFor(Entry.class);
  }

  /** For one file and one thread: equal strings become one, since ids come again and again. */
  static ObjectReader reader() {
    ObjectMapper mapper = mapper();
    mapper.registerModule(new SimpleModule().addDeserializer(String.class, new OneOfEach()));
    return mapper.readerFor(Entry.class);
  }

  private static ObjectMapper mapper() {
    return JsonMapper.builder()
        .serializationInclusion(JsonInclude.Include.NON_NULL)
        .build();
  }

  private static final class OneOfEach extends StdScalarDeserializer<String> {
    private static final long serialVersionUID = 1;

    private final transient Map<String, String> known = new HashMap<>();

    OneOfEach() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return known.computeIfAbsent(parser.getValueAsString(), string -> string);
    }
  }
}
