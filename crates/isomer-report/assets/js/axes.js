// Originality and diversity.

function pairs(set, open) {
  const kinds = [...new Set(set.closest.map((pair) => pair.by))];
  if (!kinds.length) return null;
  const out = h('div', { class: 'pairs' });
  const show = (kind) => {
    const found = set.closest.filter((pair) => pair.by === kind);
    out.replaceChildren(...found.map((pair) => {
      const body = h('div', { class: 'pair-body' });
      const details = h('details', { class: 'pair', ontoggle: () => {
        if (!details.open || body.firstChild) return;
        const { left, right, share } = sharedWords(pair.task_text, pair.other_text);
        const side = (name, id, nodes) => h('div', null, h('h4', null, name, ' ', id), h('div', { class: kind === 'syntax' ? 'side code' : 'side', tabindex: 0 }, nodes));
        const link = data.byId.has(pair.task) ? h('a', { href: `#tasks/${encodeURIComponent(pair.task)}` }, pair.task.slice(0, 12)) : h('code', null, pair.task);
        body.append(h('p', { class: 'note' }, `Marked: runs of three or more words that stand in both, in the same order; ${percent(share, 0)} of the task’s.`),
          h('div', { class: 'sides' }, side('Task', link, left), side('Neighbour', h('code', null, pair.other), right)));
      } }, h('summary', null, h('span', { class: 'pair-value' }, pair.value.toFixed(3)), h('span', { class: 'pair-names' }, data.byId.get(pair.task)?.title ?? pair.task, h('span', { class: 'note' }, ` ~ ${pair.other}`))), body);
      return details;
    }));
  };
  const buttons = h('div', { class: 'segments', role: 'group', 'aria-label': 'Measure' }, kinds.map((kind, at) => h('button', { type: 'button', 'aria-pressed': String(at === 0), onclick: (event) => {
    for (const button of buttons.children) button.setAttribute('aria-pressed', String(button === event.target));
    show(kind);
  } }, MEASURES[kind].name)));
  show(kinds[0]);
  return h('figure', { class: 'wide' }, h('figcaption', null, h('h3', null, `Closest pairs with ${set.name}`), h('p', { class: 'note' }, 'Open one to read both side by side.')), buttons, out);
}

function originalitySection({ originality }, open) {
  const sets = originality.against;
  return section('originality', 'Originality', 'How close each task comes to its nearest neighbour in a set that was there before. Lower is more original; 1 is a copy.',
    sets.length ? sets.map((set) => [
      sets.length > 1 || set.name !== 'seeds' ? h('h3', { class: 'set' }, set.name, h('span', { class: 'note' }, ` ${plural(set.rows, 'row')}`)) : h('p', { class: 'note' }, `Against ${set.name}, ${plural(set.rows, 'row')}.`),
      h('div', { class: 'grid-of four' }, Object.keys(MEASURES).filter((by) => set[by]).map((by) => figure({
        title: MEASURES[by].name, note: MEASURES[by].tip, line: inWords(set[by], 'share'), draw: histogram(set[by], { what: MEASURES[by].what }), numbers: () => spreadTable(set[by], 'share'),
      }))),
      pairs(set, open)]) : missing('Nothing to compare with. A run brings its own seeds; name other sets with --against.'));
}

function elementsFigure({ elements, sampled }, tasks) {
  const rows = elements.map((one) => ({ name: one.name, value: one.effective, tip: `${one.name}: entropy ${one.entropy.toFixed(2)} nats over ${plural(one.clusters, 'cluster')} of ${plural(one.tasks, 'task')}` }));
  const most = Math.max(...elements.map((one) => one.clusters), 1);
  return h('figure', null, h('figcaption', null, h('h3', null, 'Values of the elements'), h('p', { class: 'note' }, `Effective number of different values: as many equally common ones have this entropy. The scale ends at ${plural(most, 'cluster')}, the most found.${sampled < tasks ? ` Computed on ${plural(sampled, 'task')}.` : ''}`)),
    bars(rows, { most, write: short }),
    h('details', { class: 'numbers' }, h('summary', null, 'Numbers'), h('div', { class: 'scroll' }, table(['element', 'tasks', 'clusters', 'entropy, nats', 'effective'], elements.map((one) => [one.name, one.tasks, one.clusters, one.entropy.toFixed(3), one.effective.toFixed(2)])))));
}

function countedFigure(title, note, counted, tasks) {
  if (!counted.length) return null;
  // What every task has tells none of them apart; a few words suffice for it.
  const everywhere = counted.filter((one) => one.tasks >= tasks);
  const some = everywhere.length > 3 ? counted.filter((one) => one.tasks < tasks) : counted;
  return h('figure', null, h('figcaption', null, h('h3', null, title), h('p', { class: 'note' }, note, some === counted ? '' : ` In all: ${everywhere.map((one) => one.name).join(', ')}.`)),
    bars(some.map((one) => ({ node: h('code', null, one.name), value: one.tasks, tip: `${one.name}: ${percent(one.tasks / tasks)} of the tasks` })), { most: tasks, first: 10 }));
}

function diversitySection({ diversity: found, tasks }, open) {
  return section('diversity', 'Diversity', 'How far the tasks are from each other.',
    tiles(
      found.vendi !== null ? tile(short(found.vendi), 'Vendi score', `as many wholly different tasks; of ${count(found.vendi_tasks)}`) : null,
      found.mean_distance !== null ? tile(found.mean_distance.toFixed(2), 'mean distance', 'one minus cosine, over pairs') : null,
      found.near_duplicates.share !== null ? tile(percent(found.near_duplicates.share), 'near-duplicates', `Jaccard from ${found.near_duplicate_from}; ${within(found.near_duplicates)}`) : null),
    h('div', { class: 'map-and-elements' },
      found.map.length ? elementMap(found.map, open) : null,
      h('div', null,
        found.elements.length ? elementsFigure(found, tasks) : null,
        countedFigure('Library functions and builtins', 'Solutions that call each; the scale ends at all tasks.', found.calls, tasks))),
    h('div', { class: 'grid-of' },
      countedFigure('Types of syntax', 'Solutions that have each.', found.nodes, tasks),
      countedFigure('Words of the elements', 'Elements of tasks that have each.', found.tags, tasks)));
}
