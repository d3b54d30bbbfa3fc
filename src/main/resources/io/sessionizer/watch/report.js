'use strict';

/** Fills the report from the data in the page. */
(() => {
  const byId = id => document.getElementById(id);
  const {source, timeZone, settings, summary} = JSON.parse(byId('data').textContent);
  const clock = Charts.clock(timeZone);

  const rows = (id, values, none) => {
    const lines = values.length ? values : [[none, '']];
    byId(id).replaceChildren(...lines.map(cells => {
      const row = Charts.element('tr');
      row.append(...cells.map(cell => Charts.element('td', cell)));
      return row;
    }));
  };
  const counts = list => list.map(({what, count}) => [what, Charts.whole(count)]);
  const number = (name, value) => {
    const entry = Charts.element('div');
    entry.append(Charts.element('dt', name), Charts.element('dd', value));
    byId('numbers').append(entry);
  };

  const fromTopics = Object.keys(settings).length > 0;
  byId('source').textContent = source + (summary.first === null ? ': no sessions'
      : ', ' + clock.full(summary.first) + ' to ' + clock.full(summary.last) + ' ' + timeZone);
  document.querySelectorAll('.zone').forEach(zone => { zone.textContent = timeZone; });
  number('sessions', Charts.whole(summary.sessions));
  number('visits in sessions', Charts.whole(summary.visits));
  number('visit ids', Charts.whole(summary.visitIds));
  const sessions = Math.max(1, summary.sessions);
  number('bounce rate', (100 * summary.bounces / sessions).toFixed(1) + '%');
  number('median duration', Charts.duration(summary.medianMillis));
  number('pages per session', (summary.visits / sessions).toFixed(1));
  number('corrections', Charts.whole(summary.corrections));
  number('retracted sessions', Charts.whole(summary.tombstones));
  number('too-late visits', fromTopics ? Charts.whole(summary.tooLate) : '–');
  number('dead letters', fromTopics ? Charts.whole(summary.deadLetters.reduce((sum, letter) => sum + letter.count, 0)) : '–');

  rows('entry-pages', counts(summary.entryPages), 'none');
  rows('exit-pages', counts(summary.exitPages), 'none');
  byId('attributes').hidden = summary.attributes.length === 0;
  rows('attribute-rows', summary.attributes.map(({name, sessions, numbers, most}) => [name, Charts.whole(sessions),
    ...['mean', 'median', 'least', 'greatest', 'sum'].map(value => numbers?.[value] ?? ''),
    most.map(({what, count}) => what + ' (' + Charts.whole(count) + ')').join(', ')]), 'none');
  rows('longest', summary.longest.map(s => [s.visitId, s.userId ?? '', clock.full(s.start), Charts.duration(s.durationMillis), Charts.whole(s.pages)]), 'none');
  rows('dead', counts(summary.deadLetters), fromTopics ? 'none' : 'the file has none');
  rows('settings', Object.entries(settings), 'unknown, since the sessions are from a file');

  const charts = Object.fromEntries(['durations', 'pages', 'hours', 'days', 'lateness'].map(id => [id, Charts.create(byId(id))]));
  const draw = () => {
    Charts.distributions(charts, summary.distributions);
    Charts.histogram(charts.days, summary.days.map(day => day.what), summary.days.map(day => day.count), 'sessions');
    Charts.histogram(charts.lateness, summary.lateness.labels, summary.lateness.counts, 'visits');
  };
  Charts.theme(byId('theme'), draw);
  draw();
})();
