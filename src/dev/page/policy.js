// What a close code or an error code means for a client, and how long to wait before coming back.

const CLOSE = {
  1000: ['never', 'Closed normally'],
  1001: ['backoff', 'The gateway went away'],
  1003: ['never', 'A binary frame was sent where text is due'],
  1007: ['never', 'A frame was not valid UTF-8'],
  1008: ['never', 'Too many bad frames'],
  1009: ['never', 'A frame was over the size limit'],
  1011: ['backoff', 'The gateway hit a bug'],
  1012: ['told', 'This gateway instance is going away'],
  1013: ['backoff', 'The gateway is over capacity', 2000],
  4401: ['token', 'Not authenticated in time, or the token expired or was revoked'],
  4403: ['never', 'Kicked'],
  4408: ['backoff', 'Too slow: the gateway’s outbound queue for this window overflowed'],
  4409: ['backoff', 'No pong reached the gateway in time'],
  4429: ['later', 'Rate limit ignored, or too many connections', 10000],
};

/** `back` is one of never, backoff, told (after the delay of `reconnect`), token (get a new one first), later. */
export function closePlan(code) {
  const [back, why, least = 0] = CLOSE[code] ?? ['backoff', 'The connection was lost'];
  return { back, why, least };
}

const FIRST_MS = 500;
const MOST_MS = 30_000;

/** Exponential, with the upper half random, so that a crowd doesn't come back in step. */
export function backoff(attempt, random = Math.random) {
  const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling * (0.5 + random() / 2));
}

const ADVICE = {
  bad_request: 'The message says which field is wrong. Click the frame in the wire panel to see what was sent.',
  unknown_event: 'This gateway doesn’t know that event. Are page and gateway of the same version?',
  unauthenticated: 'Reconnect, so that the page authenticates again.',
  invalid_token: 'The token is malformed, expired or signed by someone else. Reconnecting fetches a new one.',
  identity_mismatch: 'The token belongs to somebody else. Use “Switch” to choose who you are.',
  forbidden: 'Your token doesn’t list this ticket, or it doesn’t exist. Switch to an agent, or to “custom” with this ticket.',
  not_joined: 'You aren’t in this ticket any more. Rejoin it.',
  ticket_closed: 'The ticket system has to reopen the ticket first; “What to try” has a button for that.',
  too_large: 'Shorten the message: 8,000 characters is the limit.',
  rate_limited: 'Slow down a little. The page tries again by itself where that is harmless.',
  unavailable: 'Redis is out of the gateway’s reach. Nothing is lost: the page keeps what you wrote and tries again.',
  internal: 'That is a bug in the gateway. Its log says more.',
  disconnected: 'The page reconnects by itself unless the status says otherwise, then sends what is waiting.',
  timeout: 'The gateway didn’t answer in time. A retry carries the same client_id, so nothing is sent twice.',
  not_dev: 'The gateway hands out tokens in dev mode only. Start it in dev mode and reload.',
  token_refused: 'The dev token endpoint didn’t accept this person. Check id, name and tickets.',
  unreachable: 'Is the gateway running, and well? The page keeps trying.',
  bad_frame: 'The gateway sent something which isn’t JSON. The wire panel shows it.',
};

export const advice = (code) => ADVICE[code] ?? 'The wire panel shows the frames around it.';
