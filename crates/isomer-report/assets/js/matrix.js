// Near-misses before the tests: one row each, one cell a test, one letter a verdict.

const VERDICTS = {
  A: ['accepted', 'passes the test'], W: ['wrong', 'wrong answer'], R: ['error', 'runtime error'], T: ['time', 'time limit'],
  M: ['memory', 'memory limit'], O: ['output', 'output limit'], C: ['invalid', 'does not compile'], '-': ['unrun', 'not run'],
};
const STATUS = {
  killed: ['✓', 'killed', 'The tests reject it.'],
  survived: ['▲', 'survived', 'The tests accept it although it is, or may be, wrong.'],
  indistinguishable: ['=', 'indistinguishable', 'It agrees with the reference on every input ever generated; it does not count.'],
  invalid: ['∅', 'invalid', 'It fails for a reason that proves nothing about the tests; it does not count.'],
};

function matrix(task) {
  const near = task.near_misses;
  const measured = task.measures.matrix;
  const letters = measured?.rows.length === near.length ? measured.rows : near.map((one) => one.verdicts);
  const tests = Math.max(measured?.tests ?? 0, ...letters.map((row) => row.length), 0);
  const name = (at) => (task.expected ? task.expected.tests[at] ?? `test ${at + 1}`.replace(/^.*\.py::/, '') : `test ${at + 1}`);
  const detail = h('div', { class: 'near-miss' });
  const finds = Array.from({ length: tests }, (_, at) => letters.filter((row) => row[at] && row[at] !== 'A' && row[at] !== '-').length);
  const show = (at) => {
    rows.forEach((row, index) => row.classList.toggle('chosen', index === at));
    const one = near[at];
    const body = h('div');
    const view = (whole) => body.replaceChildren(whole ? code(one.code, { name: `Near-miss ${at + 1}` }) : changed(task.solution, one.code));
    const toggle = h('div', { class: 'segments' }, ['Change against the reference', 'Whole program'].map((text, index) => h('button', { type: 'button', 'aria-pressed': String(index === 0), onclick: (event) => {
      for (const button of toggle.children) button.setAttribute('aria-pressed', String(button === event.target));
      view(index === 1);
    } }, text)));
    view(false);
    const [sign, status, meaning] = STATUS[one.status];
    detail.replaceChildren(h('h4', null, `Near-miss ${at + 1} `, h('span', { class: `badge ${one.status}`, title: meaning }, `${sign} ${status}`)),
      h('p', null, textOf(one.mistake)),
      h('p', { class: 'note' }, `First tests: ${words(one.verdict_before)}; final tests: ${words(one.verdict_after)}. ${meaning}`), toggle, body);
  };
  const cell = (letter, row, at) => {
    const [kind, text] = VERDICTS[letter] ?? VERDICTS['-'];
    return h('td', { class: `verdict ${kind}`, 'data-tip': `near-miss ${row + 1}, ${name(at)}: ${text}` }, letter === '-' ? '·' : letter);
  };
  const rows = near.map((one, at) => h('tr', { onclick: () => show(at) },
    h('th', { scope: 'row' }, h('button', { type: 'button', class: `pick ${one.status}`, onclick: () => show(at) }, h('span', { class: 'pick-sign', title: STATUS[one.status][1] }, STATUS[one.status][0]), `${at + 1}`)),
    Array.from({ length: tests }, (_, test) => cell(letters[at][test] ?? '-', at, test))));
  const used = new Set(letters.flatMap((row) => [...row]));
  const marks = Array.from({ length: Math.floor(tests / 10) }, (_, at) => h('th', { scope: 'colgroup', colspan: 10 }, h('span', null, (at + 1) * 10)));
  if (near.length) show(Math.max(0, near.findIndex((one) => one.status === 'survived')));
  return h('div', null,
    h('div', { class: 'scroll' }, h('table', { class: 'matrix' },
      tests >= 10 ? h('thead', null, h('tr', null, h('th', null, h('span', { class: 'away' }, 'test')), marks)) : null,
      h('tbody', null, rows),
      near.length > 1 ? h('tfoot', null, h('tr', null, h('th', { scope: 'row', 'data-tip': 'near-misses that each test finds' }, 'finds'), finds.map((number, at) => h('td', { class: 'finds', 'data-tip': `${name(at)} finds ${count(number)} of ${near.length}` }, number ? h('span', null, number) : '')))) : null)),
    h('p', { class: 'legend' }, Object.entries(VERDICTS).filter(([letter]) => used.has(letter)).map(([letter, [kind, text]]) => h('span', { class: 'key' }, h('span', { class: `verdict ${kind}` }, letter === '-' ? '·' : letter), text))),
    measured ? null : h('p', { class: 'note' }, 'As the run recorded it: after the first test that finds a near-miss, the others were not run.'),
    detail);
}
