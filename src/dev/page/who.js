// The form in which one chooses who to be. `be(person)` is called with the choice.

import { $, button, el, setText } from './dom.js';
import { PRESETS, complaint, idList } from './identity.js';

const ROLES = { ana: 'Customer, ticket 101', ben: 'Customer, tickets 101 and 102', noor: 'Support agent, any ticket' };

export function setUpWho({ be }) {
  const cards = Object.entries(PRESETS).map(([key, person]) => card(key, person.user_name, ROLES[key], () => be({ ...person })));
  const custom = card('custom', 'Custom', 'Your own id, name and tickets', () => showCustom($('#custom').hidden));
  custom.setAttribute('aria-expanded', 'false');
  custom.setAttribute('aria-controls', 'custom');
  $('#people').append(...cards, custom);
  $('#custom').addEventListener('submit', (e) => {
    e.preventDefault();
    const person = {
      user_id: $('#c-id').value.trim(),
      user_name: $('#c-name').value.trim(),
      is_admin: $('#c-admin').checked,
      tickets: idList($('#c-tickets').value),
    };
    const wrong = complaint(person);
    setText($('#c-wrong'), wrong ?? '');
    if (!wrong) be(person);
  });
}

export function showCustom(shown = true) {
  $('#custom').hidden = !shown;
  $('[data-who=custom]').setAttribute('aria-expanded', String(shown));
  if (shown) $('#c-id').focus();
}

const card = (key, name, role, onClick) =>
  button(el('span', {}, el('b', {}, name), el('span', {}, role)), onClick, { class: 'person', 'data-who': key });
