// Puts what the gateway says on the page. What comes from there goes in as text and as nothing else,
// and only where it has changed: so focus, selection and scrolling stay.

import { COLUMNS, duration, states, tiles } from './figures.js';

export const $ = (id) => document.getElementById(id);

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Shows a line, or hides it where there is nothing to say. */
export function setLine(node, text) {
  setText(node, text);
  node.hidden = !text;
}

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const HEADS = [{ name: 'pod', label: 'Pod' }, { name: 'state', label: 'State' }, { name: 'up', label: 'Up' }];

const cell = (name, label) => el('td', { role: 'cell', 'data-name': name, 'data-label': label });
const part = (row, name) => row.querySelector(`[data-name="${name}"]`);

/** The heads and the last row, once. */
export function prepare() {
  for (const { name, label, hint } of [...HEADS, ...COLUMNS]) {
    const head = el('th', { role: 'columnheader', scope: 'col', 'data-name': name }, label);
    if (hint) head.title = hint;
    $('heads').append(head);
  }
  $('sums').append(
    el('th', { role: 'rowheader', scope: 'row', 'data-name': 'pod' }, 'Together'),
    cell('state', 'State'),
    cell('up', 'Up'),
    ...COLUMNS.map(({ name, label }) => cell(name, label)),
  );
}

const rows = new Map();

function newRow() {
  const row = el('tr', { role: 'row' });
  row.append(
    el('th', { role: 'rowheader', scope: 'row', 'data-name': 'pod' },
      el('b', { 'data-name': 'host' }), el('span', { class: 'small', 'data-name': 'id' })),
    cell('state', 'State'),
    cell('up', 'Up'),
    ...COLUMNS.map(({ name, label }) => cell(name, label)),
  );
  part(row, 'up').append(el('span', { 'data-name': 'uptime' }), el('span', { class: 'small', 'data-name': 'version' }));
  part(row, 'connections').append(
    el('span', { 'data-name': 'number' }),
    el('meter', { min: '0', 'aria-hidden': 'true', 'data-name': 'share' }),
  );
  return row;
}

function fill(row, pod, asked, fullest) {
  setText(part(row, 'host'), pod.host);
  setText(part(row, 'id'), pod.pod === asked ? `${pod.pod}, asked` : pod.pod);
  const badges = states(pod);
  const shown = badges.map(([, words]) => words).join();
  const place = part(row, 'state');
  if (place.dataset.shown !== shown) {
    place.dataset.shown = shown;
    place.replaceChildren(...badges.map(([tone, words]) => el('span', { class: `badge ${tone}` }, words)));
  }
  place.title = `Heard ${duration(pod.heard_ms_ago / 1000)} ago`;
  setText(part(row, 'uptime'), duration(pod.uptime_s));
  setText(part(row, 'version'), pod.version);
  for (const { name, show } of COLUMNS) {
    setText(name === 'connections' ? part(row, 'number') : part(row, name), show(pod));
  }
  const share = part(row, 'share');
  share.max = Math.max(1, fullest);
  share.value = pod.connections ?? 0;
}

function fillTiles(overview) {
  for (const [name, label, value, small] of tiles(overview)) {
    let tile = $('totals').querySelector(`[data-name="${name}"]`);
    if (!tile) {
      tile = el('div', { 'data-name': name }, el('dt', {}, label), el('dd', { class: 'value' }), el('dd', { class: 'small' }));
      $('totals').append(tile);
    }
    setText(tile.children[1], value);
    setText(tile.children[2], small);
  }
}

function notices({ complete, unreadable }) {
  const lines = [];
  if (!complete) lines.push('Redis is out of reach for the pod that was asked: only this pod is shown.');
  if (unreadable) lines.push(`Alive, but without a report that this version can read: ${unreadable}.`);
  return lines.join(' ');
}

/** Has screen readers say what has changed since the last time. */
function tell(before, now) {
  const news = [];
  for (const [id, { name, state }] of now) {
    if (!before.has(id)) news.push(`${name} is new: ${state}.`);
    else if (before.get(id).state !== state) news.push(`${name}: ${state}.`);
  }
  for (const [id, { name }] of before) if (!now.has(id)) news.push(`${name} is gone.`);
  if (news.length) setText($('news'), news.join(' '));
}

let known = null;

export function show(overview) {
  const { pods, asked } = overview;
  const fullest = Math.max(...pods.map((pod) => pod.connections ?? 0));
  for (const [id, row] of rows) {
    if (!pods.some((pod) => pod.pod === id)) {
      row.remove();
      rows.delete(id);
    }
  }
  pods.forEach((pod, at) => {
    const row = rows.get(pod.pod) ?? newRow();
    rows.set(pod.pod, row);
    fill(row, pod, asked, fullest);
    if ($('rows').children[at] !== row) $('rows').insertBefore(row, $('rows').children[at] ?? null);
  });
  for (const { name, show: text } of COLUMNS) setText(part($('sums'), name), text(overview.totals));
  fillTiles(overview);
  setLine($('notice'), notices(overview));
  const now = new Map(pods.map((pod) => [
    pod.pod, { name: `${pod.host} ${pod.pod}`, state: states(pod).map(([, words]) => words).join(', ') }]));
  if (known) tell(known, now);
  known = now;
  const at = new Date(overview.now);
  $('updated-at').dateTime = overview.now;
  setText($('updated-at'), at.toLocaleTimeString());
  $('updated').hidden = false;
}
