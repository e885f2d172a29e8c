// Asks for the token, and then for the pods every two seconds.

import { $, prepare, setLine, setText, show } from './view.js';

const EVERY_MS = 2000;
const PATIENCE_MS = 8000;
const KEY = 'chat.ops.token';

// sessionStorage may be off; then the token is forgotten on reload.
const memory = {
  get() { try { return sessionStorage.getItem(KEY); } catch { return null; } },
  set(token) { try { sessionStorage.setItem(KEY, token); } catch { /* so be it */ } },
  clear() { try { sessionStorage.removeItem(KEY); } catch { /* so be it */ } },
};

let token = memory.get();
let paused = false;
let timer;
let round = 0; // answers to what was asked before a change don't count

function later() {
  clearTimeout(timer);
  if (token && !paused && !document.hidden) timer = setTimeout(look, EVERY_MS);
}

async function look() {
  clearTimeout(timer);
  const mine = ++round;
  try {
    const answer = await fetch('ops/pods', {
      headers: { authorization: `Bearer ${token}` },
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const body = await answer.json().catch(() => null);
    if (mine !== round) return;
    if (answer.status === 401 || answer.status === 403) {
      ask(body?.detail ?? 'The token was refused.');
      return;
    }
    if (!answer.ok || !body) throw new Error(body?.detail ?? `it answers ${answer.status}`);
    setLine($('problem'), '');
    document.body.classList.remove('stale');
    show(body);
    $('pods').hidden = false;
  } catch (error) {
    if (mine !== round) return;
    const why = error.name === 'TimeoutError' || error.name === 'TypeError' ? 'it does not answer' : error.message;
    setLine($('problem'), `This pod can't be asked (${why}). ${$('pods').hidden ? '' : 'What is shown is the last that it said. '}Trying again.`);
    document.body.classList.add('stale');
  }
  later();
}

/** Shows the form; what was shown before is another's business. */
function ask(why) {
  round++;
  clearTimeout(timer);
  token = null;
  memory.clear();
  $('pods').hidden = true;
  $('updated').hidden = true;
  $('controls').hidden = true;
  setLine($('problem'), '');
  setLine($('notice'), '');
  $('token-form').hidden = false;
  setText($('token-wrong'), why);
  (why ? $('token') : $('token-title')).focus();
}

function take(given) {
  token = given;
  memory.set(given);
  $('token').value = '';
  setText($('token-wrong'), '');
  $('token-form').hidden = true;
  $('controls').hidden = false;
  $('pause').focus();
  look();
}

async function takeOfDevMode() {
  const answer = await fetch('dev/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: 'ops', is_admin: true }),
  });
  const body = await answer.json();
  if (answer.ok) take(body.token);
  else setText($('token-wrong'), body.detail);
}

prepare();

$('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const given = $('token').value.trim().replace(/^bearer\s+/i, '');
  // What is no token would not even get into a header.
  if (/^[\w.~+/=-]+$/.test(given)) take(given);
  else setText($('token-wrong'), 'That is not a token.');
});
$('token-dev').hidden = !('dev' in document.documentElement.dataset);
$('token-dev').addEventListener('click', () => takeOfDevMode().catch((error) => setText($('token-wrong'), error.message)));
$('forget').addEventListener('click', () => ask(''));
$('pause').addEventListener('click', () => {
  paused = !paused;
  setText($('pause'), paused ? 'Go on' : 'Pause');
  if (paused) clearTimeout(timer);
  else look();
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(timer);
  else if (token && !paused) look();
});

if (token) {
  $('controls').hidden = false;
  look();
} else {
  ask('');
}
