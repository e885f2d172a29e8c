package dev.chatgateway.abuse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Frames of the plain WebSocket: {@code {"event":…,"ref":…,"data":{…}}}. */
final class PlainLanguage implements Language {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int MAX_REF = 64;
  // As the protocol has it for what clients send.
  private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder()
              .maxNestingDepth(32)
              .maxNumberLength(100)
              .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build())
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .build();

  @Override
  public List<String> greeting(Attacker attacker, boolean known) {
    List<String> all = new ArrayList<>();
    if (!known) {
      return all;
    }
    all.add(frame("chat_authenticate", null, NODES.objectNode().put("token", attacker.token()))
        .toString());
    attacker.tickets().forEach(ticket -> {
      ObjectNode data = NODES.objectNode();
      data.set("ticket_id", ticket);
      all.add(frame("join_ticket_chat", null, data).toString());
    });
    return all;
  }

  @Override
  public String question(Attacker attacker, long number) {
    return frame("get_typing_users", NODES.numberNode(number), attacker.ownTicket())
        .toString();
  }

  @Override
  public String key(long number) {
    return Long.toString(number);
  }

  @Override
  public String sign() {
    return null;
  }

  private static ObjectNode frame(String event, JsonNode ref, ObjectNode data) {
    ObjectNode frame = NODES.objectNode().put("event", event);
    if (ref != null) {
      frame.set("ref", ref);
    }
    return frame.set("data", data);
  }

  // --- mutants

  @Override
  public Mutant mutant(Attacker attacker, Random random, JsonMutator mutator, long number) {
    Attacker.Said said = attacker.event(random);
    JsonNode ref = random.nextInt(5) == 0
        ? null
        : random.nextInt(3) == 0 ? NODES.textNode("r" + number) : NODES.numberNode(number);
    ObjectNode frame = frame(said.event(), ref, said.data());
    int share = random.nextInt(100);
    Flaw flaw = share < 12
        ? Flaw.NONE
        : share < 64
            ? pick(Flaw.OF_A_VALUE, random)
            : share < 68
                ? Flaw.NAME
                : share < 73 ? Flaw.REF : share < 78 ? Flaw.SHAPE : pick(Flaw.OF_THE_TEXT, random);
    String text = switch (flaw) {
      case NONE -> frame.toString();
      case NAME -> {
        frame.set("event", name(said.event(), random, mutator));
        yield mutator.text(frame);
      }
      case REF -> {
        frame.set("ref", ref(number, random, mutator));
        yield mutator.text(frame);
      }
      case SHAPE -> mutator.text(shape(frame, random, mutator));
      case DUPLICATE, DEPTH, DIGITS, CONTROL, LETTERS -> mutator.damage(frame.toString(), flaw);
      default -> {
        mutator.change(said.data(), flaw);
        yield mutator.text(frame);
      }
    };
    return expected(flaw, text);
  }

  static Flaw pick(List<Flaw> flaws, Random random) {
    return flaws.get(random.nextInt(flaws.size()));
  }

  static JsonNode name(String event, Random random, JsonMutator mutator) {
    return switch (random.nextInt(6)) {
      case 0 -> NODES.textNode(event + "x");
      case 1 -> NODES.textNode(event.toUpperCase(Locale.ROOT));
      case 2 -> NODES.textNode(event.substring(0, random.nextInt(event.length())));
      case 3 -> NODES.textNode(mutator.string() + event);
      case 4 -> NODES.textNode("new_message");
      default -> NODES.textNode("e".repeat(60 + random.nextInt(300)));
    };
  }

  private static JsonNode ref(long number, Random random, JsonMutator mutator) {
    return switch (random.nextInt(10)) {
      case 0 -> NODES.numberNode(-number);
      case 1 -> NODES.numberNode(Long.MAX_VALUE - number);
      case 2 -> NODES.numberNode(BigInteger.valueOf(number).pow(9));
      case 3 -> NODES.numberNode(number + 0.5);
      case 4 -> NODES.textNode(number + mutator.string());
      case 5 -> NODES.textNode(number + "x".repeat(40 + random.nextInt(40)));
      case 6 -> NODES.textNode(number + "\"\\\n\u0001\ud83d\ude00é");
      default -> mutator.odd(Flaw.TYPE);
    };
  }

  private static JsonNode shape(ObjectNode frame, Random random, JsonMutator mutator) {
    switch (random.nextInt(8)) {
      case 0 -> frame.remove("event");
      case 1 -> frame.set("event", mutator.odd(Flaw.TYPE));
      case 2 -> frame.set("data", mutator.odd(Flaw.TYPE));
      case 3 -> frame.remove("data");
      case 4 -> frame.set("x" + mutator.string(), mutator.odd(Flaw.TYPE));
      case 5 -> {
        return NODES.arrayNode().add(frame);
      }
      case 6 -> {
        return mutator.odd(Flaw.TYPE);
      }
      default -> frame.set("data", NODES.arrayNode().add(frame.get("data")));
    }
    return frame;
  }

  /** How that is to be answered, whatever became of it. */
  static Mutant expected(Flaw flaw, String text) {
    JsonNode frame;
    try {
      frame = STRICT.readTree(text);
    } catch (JsonProcessingException | NumberFormatException e) {
      return new Mutant(flaw, text, null, false);
    }
    if (!frame.isObject()) {
      return new Mutant(flaw, text, null, false);
    }
    boolean typing = frame.path("event").asText().startsWith("typing_");
    return new Mutant(flaw, text, key(frame.path("ref")), typing);
  }

  private static String key(JsonNode ref) {
    if (ref.isIntegralNumber() && ref.canConvertToLong()) {
      return ref.asText();
    }
    boolean good = ref.isTextual() && ref.textValue().length() <= MAX_REF;
    // The reply has U+FFFD in place of each half of a surrogate pair.
    return good
        ? NODES.textNode(ref.textValue().replaceAll("\\p{Cs}", "\uFFFD")).toString()
        : null;
  }

  @Override
  public String breaker(Attacker attacker, Random random, JsonMutator mutator, long number) {
    return frame("send_message", NODES.numberNode(number), attacker.ownTicket())
        .put("x", "x".repeat(130_988 + random.nextInt(200)))
        .toString();
  }

  // --- answers

  @Override
  public Answer read(String text) {
    if (text.startsWith("{\"ref\":")) {
      JsonNode reply = parse(text);
      JsonNode ref = reply.get("ref");
      return Answer.reply(
          ref.isTextual() ? ref.toString() : ref.asText(),
          reply.get("ok").booleanValue() ? null : reply.get("error").get("code").textValue());
    }
    String name = text.substring(10, text.indexOf('"', 10));
    return name.equals("error")
        ? Answer.refusal(parse(text).get("data").get("code").textValue())
        : Answer.event(name);
  }

  static JsonNode parse(String json) {
    try {
      return STRICT.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("an answer that is no JSON: " + json, e);
    }
  }
}
