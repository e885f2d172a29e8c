package dev.chatgateway.abuse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Packets of Socket.IO in those of Engine.IO: {@code 42<ack>["event",{…}]}. */
final class SocketIoLanguage implements Language {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final long MAX_ACK = (1L << 53) - 1;
  private static final String EVENT = "42";

  /** Of no meaning from a client, and no offence. */
  private static final List<String> IGNORED = List.of(
      "0",
      "0{\"sid\":\"x\"}",
      "3",
      "3probe",
      "5",
      "6",
      "6x",
      "431[]",
      "4312[1,{\"a\":null}]",
      "430[\"x\",[]]",
      "43/,7[]",
      "460-1[1]");

  /** Against the protocol; the text may end in what stands behind the {@code @}. */
  private static final List<String> OFFENCES = List.of(
      "",
      "7",
      "x",
      "2",
      "2probe",
      "4",
      "47[\"e\"]",
      "4x",
      "40",
      "40{}",
      "40[]",
      "44{}",
      "44\"x\"",
      "41{}",
      "417",
      "42",
      "42[]",
      "42[null]",
      "42[{}]",
      "42[true]",
      "42{}",
      "42\"e\"",
      "42[\"e\"",
      "42[\"e\"]x",
      "42[\"connect\"]",
      "42[\"disconnect\",{}]",
      "42[\"newListener\"]",
      "42/x,[\"e\"]",
      "42/x",
      "42/,",
      "429007199254740993[\"e\"]",
      "4299999999999999999999[\"e\"]",
      "42-1[\"e\"]",
      "43[]",
      "431{}",
      "431",
      "45",
      "45[\"e\"]",
      "45-[\"e\"]",
      "4511-[\"e\"]",
      "4599999-[\"e\"]",
      "451-[\"e\",{\"_placeholder\":true,\"num\":1}]",
      "451-[\"e\",{\"_placeholder\":true,\"num\":-1}]",
      "451-[\"e\",{\"_placeholder\":true,\"num\":0.0}]",
      "451-[\"e\",{\"_placeholder\":true}]",
      "450-[\"e\",{\"_placeholder\":true,\"num\":0}]",
      "451-[\"e\",{\"_placeholder\":true,\"num\":0}]",
      "461-[]",
      "1",
      "41",
      "40/admin,{}",
      "40/" + "n".repeat(250) + ",");

  @Override
  public List<String> greeting(Attacker attacker, boolean known) {
    List<String> all = new ArrayList<>();
    if (!known) {
      all.add("40");
      return all;
    }
    all.add("40{\"token\":\"" + attacker.token() + "\"}");
    attacker.tickets().forEach(ticket -> {
      ObjectNode data = NODES.objectNode();
      data.set("ticket_id", ticket);
      all.add(EVENT + NODES.arrayNode().add("join_ticket_chat").add(data));
    });
    return all;
  }

  @Override
  public String question(Attacker attacker, long number) {
    return EVENT + number + NODES.arrayNode().add("get_typing_users").add(attacker.ownTicket());
  }

  @Override
  public String key(long number) {
    return Long.toString(number);
  }

  @Override
  public String sign() {
    return "3";
  }

  // --- mutants

  @Override
  public Mutant mutant(Attacker attacker, Random random, JsonMutator mutator, long number) {
    int share = random.nextInt(100);
    if (share < 8) {
      return packet(attacker, random, mutator, number);
    }
    Flaw flaw = share < 22
        ? Flaw.NONE
        : share < 84
            ? PlainLanguage.pick(Flaw.OF_A_VALUE, random)
            : share < 88 ? Flaw.NAME : share < 93 ? Flaw.REF : Flaw.SHAPE;
    Attacker.Said said = attacker.event(random);
    ArrayNode event = NODES.arrayNode().add(said.event()).add(said.data());
    boolean asks = random.nextInt(5) > 0;
    String ack = asks ? Long.toString(number) : "";
    String key = asks ? ack : null;
    switch (flaw) {
      case NONE -> {}
      case NAME -> event.set(0, PlainLanguage.name(said.event(), random, mutator));
      case REF -> {
        switch (random.nextInt(4)) {
          case 0 -> ack = "0".repeat(16 - Long.toString(number).length()) + number;
          case 1 -> ack = Long.toString(MAX_ACK - number);
          case 2 -> ack = "/," + number;
          default -> ack = Long.toString(number);
        }
        String digits = ack.startsWith("/") ? ack.substring(2) : ack;
        key = Long.toString(Long.parseLong(digits));
      }
      case SHAPE -> shape(event, random, mutator);
      default -> mutator.change(said.data(), flaw);
    }
    boolean typing = event.get(0).asText().startsWith("typing_");
    return new Mutant(flaw, EVENT + ack + mutator.text(event), key, typing);
  }

  private static void shape(ArrayNode event, Random random, JsonMutator mutator) {
    switch (random.nextInt(5)) {
      case 0 -> event.remove(1);
      case 1 -> event.set(1, mutator.odd(Flaw.TYPE));
      case 2 -> event.add(mutator.odd(Flaw.TYPE));
      case 3 -> event.set(0, NODES.numberNode(random.nextInt()));
      default -> event.insert(1, mutator.odd(Flaw.NUMBER));
    }
  }

  /** What is no plain event. */
  private static Mutant packet(Attacker attacker, Random random, JsonMutator mutator, long number) {
    if (random.nextInt(2) == 0) {
      String ignored = IGNORED.get(random.nextInt(IGNORED.size()));
      return new Mutant(Flaw.PACKET, ignored, null, true);
    }
    int count = random.nextInt(11);
    Attacker.Said said = attacker.event(random);
    for (int i = 0; i < Math.min(count, 3); i++) {
      said.data().putObject("b" + i).put("_placeholder", true).put("num", random.nextInt(count));
    }
    if (random.nextInt(4) == 0) {
      said.data().putObject("n").put("_placeholder", "true").put("num", 99);
    }
    ArrayNode event = NODES.arrayNode().add(said.event()).add(said.data());
    List<byte[]> attachments = IntStream.range(0, count)
        .mapToObj(i -> {
          byte[] bytes = new byte[random.nextInt(4) * random.nextInt(90)];
          random.nextBytes(bytes);
          return bytes;
        })
        .toList();
    String text = "45" + count + "-" + number + mutator.text(event);
    return new Mutant(Flaw.PACKET, text, attachments, Long.toString(number), false);
  }

  @Override
  public String breaker(Attacker attacker, Random random, JsonMutator mutator, long number) {
    if (random.nextInt(2) == 0) {
      return OFFENCES.get(random.nextInt(OFFENCES.size()));
    }
    Attacker.Said said = attacker.event(random);
    String text = EVENT + number + NODES.arrayNode().add(said.event()).add(said.data());
    return mutator.damage(text, PlainLanguage.pick(Flaw.OF_THE_TEXT, random));
  }

  // --- answers

  @Override
  public Answer read(String text) {
    if (text.startsWith("43")) {
      int from = text.indexOf('[');
      JsonNode reply = PlainLanguage.parse(text.substring(from)).get(0);
      return Answer.reply(
          text.substring(2, from),
          reply.get("ok").booleanValue() ? null : reply.get("error").get("code").textValue());
    }
    if (text.startsWith("42")) {
      String name = text.substring(4, text.indexOf('"', 4));
      return name.equals("error")
          ? Answer.refusal(
              PlainLanguage.parse(text.substring(2)).get(1).get("code").textValue())
          : Answer.event(name);
    }
    return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
      case '2' -> Answer.PING;
      case '1' -> Answer.END;
      default -> text.startsWith("41") ? Answer.END : Answer.NEWS;
    };
  }
}
