// Who this window is: the presets, the address (#ana, or #id=zoe&name=Zoe&admin=1&tickets=101,102), what
// the tab remembers, and the token which goes with it.

import { ChatError } from './chat.js';
import { memory } from './dom.js';

export const PRESETS = {
  ana: { user_id: 'ana', user_name: 'Ana', is_admin: false, tickets: ['101'] },
  ben: { user_id: 'ben', user_name: 'Ben', is_admin: false, tickets: ['101', '102'] },
  noor: { user_id: 'noor', user_name: 'Noor', is_admin: true, tickets: [] },
};

const ID = /^[A-Za-z0-9_.:-]{1,64}$/;

export const isId = (text) => ID.test(text);

/** "101, 102" or "101 102" as a list without doubles. */
export const idList = (text) => [...new Set(String(text ?? '').split(/[\s,;]+/).filter(Boolean))];

/** A complaint in words, or null. */
export function complaint({ user_id, user_name, tickets }) {
  if (!isId(user_id)) return 'The id takes 1 to 64 letters, digits or _ . : -';
  if (!user_name.trim()) return 'A name is needed.';
  const wrong = tickets.find((t) => !isId(t));
  return wrong ? `“${wrong}” can’t be a ticket id: letters, digits or _ . : - only.` : null;
}

const presetOf = (who) => Object.keys(PRESETS).find((key) => JSON.stringify(PRESETS[key]) === JSON.stringify(who));

export function toHash(who) {
  const preset = presetOf(who);
  if (preset) return `#${preset}`;
  const q = new URLSearchParams({ id: who.user_id, name: who.user_name, tickets: who.tickets.join(',') });
  if (who.is_admin) q.set('admin', '1');
  return `#${q}`;
}

/** A person, 'custom' (ask for one), or null (the address names nobody). */
export function fromHash(hash) {
  const text = hash.replace(/^#/, '');
  if (Object.hasOwn(PRESETS, text)) return { ...PRESETS[text] };
  if (text === 'custom') return 'custom';
  const q = new URLSearchParams(text);
  if (!q.has('id')) return null;
  const who = {
    user_id: q.get('id'),
    user_name: q.get('name') || q.get('id'),
    is_admin: q.get('admin') === '1',
    tickets: idList(q.get('tickets')),
  };
  return complaint(who) ? 'custom' : who;
}

export const remembered = () => memory.get('who');
export const remember = (who) => memory.set('who', who);

/** POST /dev/token; throws a ChatError which says whether trying again makes sense. */
export async function fetchToken(claims) {
  let response;
  try {
    response = await fetch('/dev/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(claims),
      cache: 'no-store',
    });
  } catch {
    throw new ChatError({ code: 'unreachable', message: 'The gateway doesn’t answer', retry: true });
  }
  const body = await response.json().catch(() => ({}));
  if (response.ok && body.token) return body;
  const words = body.detail ?? body.message ?? body.title ?? `/dev/token answered ${response.status}`;
  if (response.status === 404) {
    throw new ChatError({ code: 'not_dev', message: 'This gateway has no /dev/token' });
  }
  const retry = response.status >= 500 || response.status === 429;
  throw new ChatError({ code: retry ? body.code ?? 'unreachable' : 'token_refused', message: words, retry });
}
