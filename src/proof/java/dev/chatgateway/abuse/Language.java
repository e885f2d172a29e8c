package dev.chatgateway.abuse;

import java.util.List;
import java.util.Random;

/** What is said at a door: how messages are made there, and how answers are read. */
interface Language {
  /** What opens the conversation; makes somebody known, where wanted, and joins the tickets. */
  List<String> greeting(Attacker attacker, boolean known);

  /** A message that may be refused, but must not end the connection. */
  Mutant mutant(Attacker attacker, Random random, JsonMutator mutator, long number);

  /** A message that may end the connection. */
  String breaker(Attacker attacker, Random random, JsonMutator mutator, long number);

  /** A valid question, which is answered in its turn. */
  String question(Attacker attacker, long number);

  /** What the reply to the question of that number bears. */
  String key(long number);

  /** What to say when a sign of life is asked for; null where nothing. */
  String sign();

  Answer read(String text);
}
