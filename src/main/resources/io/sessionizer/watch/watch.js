'use strict';

/** The live page: requests what is in view from the server, and draws it. All times are epoch milliseconds. */
(async () => {
  const LANE = 24;
  const STRIP = 26;
  const TOP = 44;
  const AXIS = 30;
  const RIGHT = 20;
  const LABEL = '600 11px system-ui, sans-serif';
  const USUAL_SPAN = 10800000;
  const ORDER_STAYS = 5000;
  const SILENT = 5000;
  const byId = id => document.getElementById(id);
  const settings = await (await fetch('api/settings')).json();
  const clock = Charts.clock(settings.timeZone);
  const status = Status(settings);
  const scroller = byId('scroller');
  const laneBar = byId('lane-bar');

  /** The wanted view; follow is whether the range moves with the visits. */
  const wanted = {from: 0, to: 1, span: USUAL_SPAN, follow: true, show: 'all', sort: 'last_visit', text: ''};

  /** The version by which the lanes are ordered, null for the newest, and since when. */
  const ordered = {version: null, at: 0};

  let newest = null;
  let pulse = null;
  let pulseAt = Date.now();
  let paused = false;
  let disconnected = false;
  let shown = null;
  let drawnPulse = '';
  let loading = false;
  let again = false;

  const lanes = Charts.create(byId('lanes'));
  const overview = Charts.create(byId('overview'));
  const bars = {durations: Charts.create(byId('durations')), pages: Charts.create(byId('pages')), hours: Charts.create(byId('hours'))};

  // ---- what the settings say

  const fill = (selector, text) => document.querySelectorAll(selector).forEach(place => { place.textContent = text; });
  fill('.gap', Charts.duration(settings.gapMillis));
  fill('.lateness', Charts.duration(settings.latenessMillis));
  fill('.disorder', Charts.duration(settings.outOfOrdernessMillis));
  fill('.late-topic', settings.topics.lateVisits);
  fill('.zone', settings.timeZone);
  byId('source').textContent = settings.topics.visits.join(', ') + ' → ' + settings.topics.sessions + ' at ' + settings.brokers;

  // ---- the range

  /** Moves on by a sixth of the span at a time, so that it is the watermark that moves, and not the picture. */
  const followVisits = () => {
    const last = pulse.numbers.newestEventTime;
    if (last === null) return;
    const step = wanted.span / 6;
    wanted.to = Math.ceil((last + step / 4) / step) * step;
    wanted.from = wanted.to - wanted.span;
  };

  const showEverything = extent => {
    if (extent.length === 0) return;
    const margin = Math.max(60000, (extent[1] - extent[0]) / 40);
    wanted.from = Math.floor(extent[0] - margin);
    wanted.to = Math.ceil(extent[1] + margin + settings.gapMillis);
  };

  const follow = on => {
    wanted.follow = on;
    byId('live').setAttribute('aria-pressed', String(on));
    byId('span').value = on ? String(wanted.span) : 'other';
    if (on && pulse) followVisits();
  };

  const iso = millis => {
    const date = new Date(millis);
    return Number.isNaN(date.getTime()) ? '' : date.toISOString();
  };

  const writeAddress = (isQuick = false) => Address.write([
    ['q', wanted.text],
    ['show', wanted.show !== 'all' && wanted.show],
    ['sort', wanted.sort !== 'last_visit' && wanted.sort],
    ['span', wanted.follow && wanted.span !== USUAL_SPAN && wanted.span],
    ['from', !wanted.follow && iso(wanted.from)],
    ['to', !wanted.follow && iso(wanted.to)],
  ], isQuick);

  const setRange = (from, to) => {
    follow(false);
    wanted.from = Math.floor(from);
    wanted.to = Math.ceil(Math.max(to, from + 1000));
    writeAddress(true);
    load();
  };

  const move = share => setRange(wanted.from + share * (wanted.to - wanted.from), wanted.to + share * (wanted.to - wanted.from));
  const zoom = (factor, around = (wanted.from + wanted.to) / 2) =>
    setRange(around - factor * (around - wanted.from), around + factor * (wanted.to - around));

  // ---- the lanes in sight

  const lanesInSight = () => Math.max(8, Math.min(40, Math.floor((innerHeight - 610) / LANE)));
  const firstLane = () => Math.round(laneBar.scrollTop / LANE);
  const scrollLanes = count => { laneBar.scrollTop = (firstLane() + count) * LANE; };

  const orderAnew = () => {
    ordered.version = null;
    laneBar.scrollTop = 0;
  };

  /** Whether somebody points at the lanes, or has reached them with a keyboard. */
  const isPointing = () => [scroller, byId('words')].some(part =>
    part.matches(':hover') || part.matches(':focus-visible') || part.querySelector(':focus-visible') !== null);

  // ---- requests

  const load = async () => {
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    try {
      const query = new URLSearchParams({
        from: Math.floor(wanted.from), to: Math.ceil(wanted.to), show: wanted.show, sort: wanted.sort, q: wanted.text, first: firstLane(),
        lanes: lanesInSight(), pixels: Math.max(1, Math.round(lanes.getWidth())),
      });
      if (pulse) query.set('version', pulse.numbers.version); // The picture is of the same time as the numbers.
      if (ordered.version !== null) query.set('sortedIn', ordered.version);
      const response = await fetch('api/view?' + query);
      if (!response.ok) throw new Error(await response.text());
      shown = await response.json();
      if (pulse) shown.watermark = pulse.watermark;
      if (ordered.version === null) Object.assign(ordered, {version: shown.view.version, at: Date.now()});
      draw();
    } catch (problem) {
      status.showFailure(problem.message);
    } finally {
      loading = false;
      if (again) {
        again = false;
        load();
      }
    }
  };

  let distributions = null;

  const loadDistributions = async () => {
    const response = await fetch('api/distributions').catch(() => ({ok: false}));
    if (!response.ok || paused) return;
    distributions = await response.json();
    Charts.distributions(bars, distributions);
  };

  // ---- drawing

  const fates = {
    OPEN: {colour: 'visit', symbol: 'circle', size: 7, text: 'in no session yet'},
    IN_SESSION: {colour: 'visit', symbol: 'circle', size: 7, text: 'in its session, on time'},
    LATE: {colour: 'late', symbol: 'diamond', size: 13, text: 'late: its session was emitted (again) because of it'},
    TOO_LATE: {colour: 'too-late', symbol: 'triangle', size: 12, text: 'too late: on ' + settings.topics.lateVisits},
  };

  const asText = bar => [
    clock.time(bar.start) + '–' + clock.time(bar.end),
    status.visits(bar.visits),
    bar.revision > 1 ? 'revision ' + bar.revision : '',
    bar.late ? 'corrected' : '',
    bar.current ? '' : 'retracted' + (bar.supersededBy ? ', now in ' + bar.supersededBy : ''),
    bar.endReason && bar.endReason !== 'inactivity' ? bar.endReason : '',
  ].filter(part => part).join(', ');

  const openAsText = session => clock.time(session.start) + '–' + clock.time(session.end) + ', ' + status.visits(session.visits);

  /** A rectangle from one time to another in a lane, cut where the picture ends. */
  const rectangle = (api, params, from, to, lane, height, style) => {
    const left = api.coord([from, lane]);
    const right = api.coord([to, lane]);
    const shape = echarts.graphic.clipRectByRect(
        {x: left[0] - 4, y: left[1] - height / 2, width: right[0] - left[0] + 8, height}, params.coordSys);
    return shape && {type: 'rect', shape: {...shape, r: Math.min(5, shape.width / 2)}, style};
  };

  const openUntil = (end, watermark) => Math.max(end, Math.min(watermark, end + settings.gapMillis));

  /** An open session: from its first visit to its last one, and, paler, on to the watermark, at most to the end of the gap. */
  const drawOpen = (params, api) => {
    const [lane, start, end, watermark] = [0, 1, 2, 3].map(i => api.value(i));
    return {type: 'group', children: [
      rectangle(api, params, end, openUntil(end, watermark), lane, 8, {fill: Charts.colour('open'), opacity: 0.6}),
      rectangle(api, params, start, end, lane, 14, {fill: Charts.colour('open'), stroke: Charts.colour('session')}),
    ].filter(part => part)};
  };

  const revisionLabel = bar => bar.revision > 1 ? 'rev ' + bar.revision : 'late';

  const drawSession = rows => (params, api) => {
    const [lane, start, end, kind, index] = [0, 1, 2, 3, 4].map(i => api.value(i));
    if (kind === 2) {
      const gone = rectangle(api, params, start, end, lane, 20,
          {fill: 'transparent', stroke: Charts.colour('gone'), lineWidth: 2, lineDash: [4, 3]});
      return gone && {type: 'group', children: [gone]};
    }
    const bar = rectangle(api, params, start, end, lane, 14, {
      fill: Charts.colour('session'), stroke: kind === 1 ? Charts.colour('late') : 'transparent', lineWidth: 2});
    if (!bar) return null;
    const {x, y, width} = bar.shape;
    const side = kind === 1 ? rows[lane].sides[index] : '';
    const label = side && {type: 'text', style: {
      text: revisionLabel(rows[lane].sessions[index]), x: side === 'right' ? x + width + 5 : x - 5, align: side === 'right' ? 'left' : 'right',
      y: y + 1, fill: Charts.colour('late'), font: LABEL}};
    return {type: 'group', children: label ? [bar, label] : [bar]};
  };

  /** Places the labels of corrected sessions beside them, where nothing else is drawn. */
  const placeRevisions = (row, x, limits, watermark) => {
    const around = (from, to, margin = 5) => [x(from) - margin, x(to) + margin];
    const ranges = [
      ...row.sessions.map(bar => around(bar.start, bar.end)),
      ...row.open.map(session => around(session.start, openUntil(session.end, watermark ?? session.end))),
      ...row.dots.filter(dot => dot.fate === 'TOO_LATE' || dot.fate === 'LATE').map(dot => around(dot.time, dot.time, 8)),
    ];
    row.sides = row.sessions.map((bar, index) => {
      if (!bar.current || !bar.corrected) return '';
      const own = ranges[index];
      const size = Labels.width(revisionLabel(bar), LABEL);
      const shownPart = [Math.max(own[0], limits[0]), Math.min(own[1], limits[1])];
      const others = ranges.filter((range, i) => i !== index && !(range[0] >= own[0] && range[1] <= own[1]));
      const side = Labels.side(shownPart, size, limits, others);
      if (side) ranges.push(side === 'right' ? [own[1], own[1] + 8 + size] : [own[0] - 8 - size, own[0]]);
      return side;
    });
  };

  const band = (from, to, colour) => [{xAxis: from, itemStyle: {color: Charts.colour(colour)}}, {xAxis: to}];

  const bandsOf = watermark => {
    const clip = time => Math.min(Math.max(time, wanted.from), wanted.to);
    const closed = watermark - settings.gapMillis;
    return [
      {names: ['gap'], colour: 'gap', from: clip(closed), to: clip(watermark)},
      {names: ['allowed lateness', 'lateness'], colour: 'horizon', from: clip(closed - settings.latenessMillis), to: clip(closed)},
    ].filter(({from, to}) => from < to);
  };

  const isWatermarkShown = watermark => watermark >= wanted.from && watermark <= wanted.to;

  /** The watermark and what lies before it: the gap, and how late a visit may be. */
  const watermarkSeries = (watermark, axis) => {
    if (watermark === null) return {type: 'scatter', data: [], xAxisIndex: axis, yAxisIndex: axis};
    return {
      type: 'scatter', data: [], xAxisIndex: axis, yAxisIndex: axis, silent: true,
      markLine: {
        silent: true, symbol: 'none', animation: false, label: {show: false},
        data: isWatermarkShown(watermark) ? [{xAxis: watermark}] : [],
        lineStyle: {color: Charts.colour('watermark'), width: 3, type: 'solid'},
      },
      markArea: {silent: true, animation: false, data: bandsOf(watermark).map(({from, to, colour}) => band(from, to, colour))},
    };
  };

  /** The names above the lanes: the watermark in one line, and below it the bands that are wide enough. */
  const topLabels = (watermark, x, limits) => {
    const labels = [];
    if (watermark === null) return labels;
    const bold = 'bold 12px system-ui, sans-serif';
    const plain = '11px system-ui, sans-serif';
    if (isWatermarkShown(watermark)) {
      const text = 'watermark ' + clock.time(watermark);
      const half = Labels.width(text, bold) / 2;
      const middle = Math.min(Math.max(x(watermark), half + 2), limits[1] - half);
      labels.push({type: 'text', silent: true, style: {text, x: middle, y: 6, align: 'center', fill: Charts.colour('watermark'), font: bold}});
    }
    for (const {names, from, to} of bandsOf(watermark)) {
      const text = names.find(name => Labels.width(name, plain) + 6 <= x(to) - x(from));
      if (text) labels.push({type: 'text', silent: true, style: {text, x: (x(from) + x(to)) / 2, y: 27, align: 'center', fill: Charts.colour('quiet'), font: plain}});
    }
    return labels;
  };

  const drawIds = (rows, left) => {
    const list = byId('ids');
    list.style.width = left - 8 + 'px';
    const ids = rows.map(row => row.visitId);
    const font = '11px system-ui, sans-serif';
    const widest = Math.max(1, ...ids.map(id => Labels.width(id, font) / id.length));
    const texts = Labels.short(ids, Math.max(5, Math.floor((left - 18) / widest)));
    while (list.children.length > rows.length) list.lastElementChild.remove();
    while (list.children.length < rows.length) {
      const button = Charts.element('button', '', {type: 'button'});
      button.addEventListener('click', () => dialogs.explain(button.dataset.id));
      const item = Charts.element('li');
      item.append(button);
      list.append(item);
    }
    ids.forEach((id, i) => {
      const button = list.children[i].firstElementChild;
      if (button.dataset.id === id && button.textContent === texts[i]) return;
      button.dataset.id = id;
      button.textContent = texts[i];
      button.title = id + ': explain';
      button.setAttribute('aria-label', 'Explain ' + id);
    });
  };

  const drawLanes = () => {
    const {view, watermark} = shown;
    const rows = view.lanes;
    const sight = lanesInSight();
    const narrow = scroller.clientWidth < 600;
    const left = narrow ? 92 : 172;
    const height = TOP + sight * LANE + 8 + 2 * STRIP + AXIS;
    scroller.style.height = height + 2 + 'px';
    byId('lanes').style.height = height + 'px';
    byId('all-lanes').style.height = height + Math.max(0, view.lanesInAll - sight) * LANE + 'px';
    lanes.resize();
    const limits = [left, lanes.getWidth() - RIGHT];
    const x = time => left + (time - wanted.from) / (wanted.to - wanted.from) * (limits[1] - left);

    const dots = Object.fromEntries(Object.keys(fates).map(fate => [fate, []]));
    const closed = [];
    const open = [];
    rows.forEach((row, lane) => {
      placeRevisions(row, x, limits, watermark);
      row.dots.forEach(dot => dots[dot.fate].push({value: [dot.time, lane], dot, row}));
      row.sessions.forEach((bar, index) => closed.push(
          {value: [lane, bar.start, bar.end, !bar.current ? 2 : bar.corrected ? 1 : 0, index], bar, row}));
      row.open.forEach(session => open.push({value: [lane, session.start, session.end, watermark ?? session.end], session, row}));
    });
    closed.sort((a, b) => (a.value[3] === 2) - (b.value[3] === 2));

    const strip = (items, lane) => items.map(item => ({value: [item.time, lane], item}));
    const axis = {
      type: 'time', min: wanted.from, max: wanted.to, axisLine: {show: false}, axisTick: {show: false}, splitNumber: narrow ? 3 : 8,
      splitLine: {show: true, lineStyle: {color: Charts.colour('line')}},
      axisLabel: {color: Charts.colour('quiet'), formatter: clock.axis, hideOverlap: true, alignMinLabel: 'left', alignMaxLabel: 'right'},
    };
    const scatter = (data, look, index, z) => ({
      type: 'scatter', data, symbol: look.symbol, symbolSize: look.size, xAxisIndex: index, yAxisIndex: index, z,
      itemStyle: {color: Charts.colour(look.colour), borderColor: Charts.colour('panel'), borderWidth: 1, opacity: 1}, emphasis: {scale: 1.5},
    });
    const custom = (data, renderItem, z) => ({
      type: 'custom', data, renderItem, z, encode: {x: [1, 2], y: 0}, clip: true,
    });
    lanes.setOption({
      animation: false, textStyle: Charts.text(),
      tooltip: Charts.tooltip(describe),
      grid: [
        {left, right: RIGHT, top: TOP, height: sight * LANE, outerBoundsMode: 'none'},
        {left, right: RIGHT, top: TOP + sight * LANE + 8, height: 2 * STRIP, show: true, borderColor: Charts.colour('line'), outerBoundsMode: 'none'},
      ],
      xAxis: [{...axis, gridIndex: 0, axisLabel: {show: false}}, {...axis, gridIndex: 1}],
      yAxis: [
        {type: 'category', gridIndex: 0, inverse: true, data: Array.from({length: sight}, (_, lane) => ({value: rows[lane] ? rows[lane].visitId : ''})),
          axisTick: {show: false}, axisLine: {lineStyle: {color: Charts.colour('line')}}, axisLabel: {show: false}},
        {type: 'category', gridIndex: 1, inverse: true, data: ['too late', 'dead letters'],
          axisTick: {show: false}, axisLine: {show: false}, axisLabel: {interval: 0, color: Charts.colour('text'), fontSize: 11}},
      ],
      series: [
        watermarkSeries(watermark, 0),
        watermarkSeries(watermark, 1),
        {type: 'custom', data: [[wanted.from, 0]], clip: false, silent: true, z: 9,
          renderItem: () => ({type: 'group', children: topLabels(watermark, x, limits)})},
        custom(open, drawOpen, 2),
        custom(closed, drawSession(rows), 3),
        scatter(dots.IN_SESSION, fates.IN_SESSION, 0, 5),
        scatter(dots.OPEN, fates.OPEN, 0, 5),
        scatter(dots.TOO_LATE, fates.TOO_LATE, 0, 6),
        scatter(dots.LATE, fates.LATE, 0, 7),
        scatter(strip(view.tooLate, 0), {symbol: 'triangle', size: 13, colour: 'too-late'}, 1, 5),
        scatter(strip(view.dead, 1), {symbol: 'rect', size: 11, colour: 'dead'}, 1, 5),
      ],
    }, {replaceMerge: ['series']});
    drawIds(rows, left);
  };

  const MOST_ATTRIBUTES = 10;
  const LONGEST_VALUE = 60;

  /** The first attributes, one on each line. */
  const attributesAsText = attributes => {
    if (!attributes) return '';
    const first = attributes.all.slice(0, MOST_ATTRIBUTES);
    const more = attributes.all.length + attributes.more - first.length;
    return first.map(({name, value}) => '\n' + Labels.cut(name, LONGEST_VALUE, 0) + ': ' + Labels.cut(value, LONGEST_VALUE, 0)).join('')
        + (more ? '\nand ' + Charts.whole(more) + ' more attributes' : '');
  };

  /** What a thing in the picture is, when pointed at. */
  const describe = ({data}) => {
    if (!data) return '';
    if (data.dot) {
      return 'visit ' + clock.full(data.dot.time) + '\n' + (data.dot.page ?? '(no page)') + '\n' + data.row.visitId + '\n' + fates[data.dot.fate].text;
    }
    if (data.bar) return 'session ' + data.bar.key + '\n' + asText(data.bar) + attributesAsText(data.bar.attributes);
    if (data.session) {
      return 'open session of ' + data.row.visitId + '\n' + openAsText(data.session) + ' so far\ncloses when the watermark is at '
          + clock.time(data.session.end + settings.gapMillis);
    }
    return data.item ? excludedAsText(data.item) : '';
  };

  const excludedAsText = item => item.reason.replace(/(\d+) ms$/, (_, millis) => Charts.duration(Number(millis)))
      + (item.count > 1 ? ' (and ' + Charts.whole(item.count - 1) + ' more here)' : '') + '\n' + clock.full(item.time);

  const drawOverview = () => {
    const {from, step, visits, late, dead} = shown.overview;
    const to = from + step * visits.length;
    const series = (data, colour) => ({
      type: 'bar', stack: 'all', barWidth: '95%', large: true, data: data.map((count, i) => [from + (i + 0.5) * step, count]),
      itemStyle: {color: Charts.colour(colour)}, silent: true});
    // The slider has an axis of its own: it would zoom that of the bars.
    const axis = {type: 'time', min: from, max: Math.max(to, from + 1), axisLabel: {show: false}, axisTick: {show: false}};
    overview.setOption({
      animation: false, textStyle: Charts.text(),
      grid: {left: 14, right: 14, top: 6, height: 26, outerBoundsMode: 'none'},
      xAxis: [{...axis, axisLine: {lineStyle: {color: Charts.colour('line')}}}, {...axis, show: false}],
      yAxis: {type: 'value', show: false},
      dataZoom: [{type: 'slider', xAxisIndex: 1, top: 34, height: 24, left: 14, right: 14, filterMode: 'none', brushSelect: false, showDataShadow: false,
        startValue: wanted.from, endValue: wanted.to, labelFormatter: value => clock.axis(Math.round(value)),
        textStyle: {color: Charts.colour('quiet')}, borderColor: Charts.colour('line'), fillerColor: Charts.colour('gap')}],
      series: [
        series(visits.map((count, i) => count - late[i]), 'session'), series(late, 'late'), series(dead, 'dead'),
        {type: 'scatter', xAxisIndex: 1, data: [[from, 0], [Math.max(to, from + 1), 0]], symbolSize: 0, silent: true},
      ],
    });
  };

  // ---- the same as text

  let wordsDrawn = '';

  const drawWords = () => {
    // The element that had the focus gets it back when a dialog is closed.
    if (!byId('words').open || document.querySelector('dialog[open]')) return;
    const {lanes: rows, tooLate, dead} = shown.view;
    const text = JSON.stringify([rows, tooLate, dead]);
    if (text === wordsDrawn) return;
    wordsDrawn = text;
    const focused = byId('words').contains(document.activeElement) ? document.activeElement.dataset.opens : undefined;
    byId('rows').replaceChildren(...rows.map(rowAsText));
    byId('left-out').replaceChildren(
        ...tooLate.map(item => excludedItem('too late', item)), ...dead.map(item => excludedItem('dead letter', item)));
    if (focused) [...document.querySelectorAll('[data-opens]')].find(button => button.dataset.opens === focused)?.focus();
  };

  const opener = (text, what, open) => {
    const button = Charts.element('button', text, {type: 'button', 'data-opens': JSON.stringify(what)});
    button.addEventListener('click', open);
    return button;
  };

  const recordButton = (text, position, attributes) => opener(text, position, () => dialogs.record(position, attributes));

  const rowAsText = row => {
    const tr = Charts.element('tr');
    const cell = (text, ...parts) => {
      const td = Charts.element('td', text);
      td.append(...parts);
      tr.append(td);
    };
    const id = Charts.element('th', '', {scope: 'row'});
    const explain = opener(row.visitId, row.visitId, () => dialogs.explain(row.visitId));
    explain.setAttribute('aria-label', row.visitId + ': explain');
    id.append(explain);
    tr.append(id);
    const late = row.dots.filter(dot => dot.fate === 'LATE' || dot.fate === 'TOO_LATE');
    const more = row.counts.late + row.counts.tooLate - late.length;
    cell(row.userId ?? '');
    cell(Charts.whole(row.counts.visits));
    cell(Charts.whole(row.counts.late));
    cell(Charts.whole(row.counts.tooLate));
    cell('', ...row.sessions.map(bar => recordButton(asText(bar), bar.position, bar.attributes)));
    cell(row.open.map(openAsText).join('; '));
    cell('', ...late.map(dot =>
      recordButton(clock.time(dot.time) + ' ' + (dot.page ?? '') + (dot.fate === 'LATE' ? ': late' : ': too late'), dot.position)),
    more > 0 ? 'and ' + Charts.whole(more) + ' more' : '');
    return tr;
  };

  const excludedItem = (what, item) => {
    const entry = Charts.element('li', what + ': ');
    entry.append(recordButton(excludedAsText(item).replace('\n', ', '), item.position));
    return entry;
  };

  const orders = {
    last_visit: 'newest last visit (event time) first', last_read: 'last read first', first_visit: 'newest first visit (event time) first',
    most_visits: 'most visits first', longest: 'longest first', visit_id: 'by visit id',
  };

  const draw = () => {
    const {view, watermark} = shown;
    drawLanes();
    drawOverview();
    drawWords();
    performance.mark('picture');
    const first = firstLane();
    const sameDay = time => clock.day(time) === clock.day(wanted.from) ? clock.time(time) : clock.full(time);
    byId('shown').textContent = view.lanesInAll === 0
        ? 'No visits ' + (wanted.text ? 'of such an id' : 'in this time')
        : 'Lanes ' + Charts.whole(first + 1) + ' to ' + Charts.whole(first + view.lanes.length) + ' of ' + Charts.whole(view.lanesInAll)
          + ', ' + orders[wanted.sort] + '; ' + clock.full(wanted.from) + ' to ' + sameDay(wanted.to) + ' ' + settings.timeZone
          + (watermark === null ? '' : '; watermark ' + sameDay(watermark) + ' (estimated)');
  };

  // ---- what a user does

  lanes.on('click', event => {
    const thing = event.data && (event.data.dot ?? event.data.bar ?? event.data.item);
    if (thing) dialogs.record(thing.position, thing.attributes);
    else if (event.data?.session) dialogs.explain(event.data.row.visitId);
  });

  overview.on('datazoom', () => {
    const {startValue, endValue} = overview.getOption().dataZoom[0];
    setRange(startValue, endValue);
  });

  let sinceScrolled = 0;
  laneBar.addEventListener('scroll', () => {
    cancelAnimationFrame(sinceScrolled);
    sinceScrolled = requestAnimationFrame(load);
  });

  scroller.addEventListener('keydown', event => {
    const page = lanesInSight() - 1;
    const actions = {
      ArrowLeft: () => move(-0.25), ArrowRight: () => move(0.25), '+': () => zoom(0.5), '-': () => zoom(2),
      ArrowUp: () => scrollLanes(-1), ArrowDown: () => scrollLanes(1), PageUp: () => scrollLanes(-page), PageDown: () => scrollLanes(page),
      Home: () => { laneBar.scrollTop = 0; }, End: () => { laneBar.scrollTop = laneBar.scrollHeight; },
    };
    if (actions[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      actions[event.key]();
    }
  });

  // ---- the wheel: as on maps, it scrolls the page unless a key is pressed

  const hint = byId('wheel-hint');
  let hintShown = 0;
  hint.textContent = (/Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl') + ' + wheel zooms in time, Shift + wheel scrolls the lanes';

  scroller.addEventListener('wheel', event => {
    if (laneBar.contains(event.target)) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const box = byId('lanes').getBoundingClientRect();
      const time = lanes.convertFromPixel({xAxisIndex: 0}, event.clientX - box.x);
      zoom(event.deltaY > 0 ? 1.25 : 0.8, Math.min(Math.max(time, wanted.from), wanted.to));
    } else if (event.shiftKey) {
      event.preventDefault();
      scrollLanes(Math.sign(event.deltaY || event.deltaX) * 2);
    } else {
      hint.hidden = false;
      clearTimeout(hintShown);
      hintShown = setTimeout(() => { hint.hidden = true; }, 1500);
    }
  }, {passive: false});

  // ---- search, filter, order, range

  const search = async (text, isQuick = false) => {
    byId('search').value = text;
    wanted.text = text.trim();
    orderAnew();
    if (!wanted.text) {
      follow(true);
      await load();
    } else {
      follow(false);
      await load();
      showEverything(shown.extent);
      await load();
    }
    writeAddress(isQuick);
  };

  const dialogs = Dialogs(settings, search);

  let sinceTyped = 0;
  byId('search').addEventListener('input', () => {
    clearTimeout(sinceTyped);
    sinceTyped = setTimeout(() => search(byId('search').value, true), 200);
  });
  byId('controls').addEventListener('submit', event => event.preventDefault());
  for (const name of ['show', 'sort']) {
    byId(name).addEventListener('change', () => {
      wanted[name] = byId(name).value;
      orderAnew();
      writeAddress();
      load();
    });
  }
  byId('span').addEventListener('change', () => {
    if (byId('span').value === 'all') {
      const {from, step, visits} = shown.overview;
      follow(false);
      byId('span').value = 'all';
      showEverything(visits.length ? [from, from + step * visits.length] : []);
    } else {
      wanted.span = Number(byId('span').value);
      follow(true);
    }
    writeAddress();
    load();
  });
  byId('earlier').addEventListener('click', () => move(-0.5));
  byId('later').addEventListener('click', () => move(0.5));
  byId('zoom-in').addEventListener('click', () => zoom(0.5));
  byId('zoom-out').addEventListener('click', () => zoom(2));
  byId('lanes-up').addEventListener('click', () => scrollLanes(1 - lanesInSight()));
  byId('lanes-down').addEventListener('click', () => scrollLanes(lanesInSight() - 1));
  byId('live').addEventListener('click', () => {
    follow(true);
    writeAddress();
    load();
  });

  const choose = (name, value) => {
    const exists = [...byId(name).options].some(option => option.value === value);
    byId(name).value = wanted[name] = exists ? value : byId(name).options[0].value;
  };

  /** Shows what the address says. */
  const restore = async () => {
    const {text, show, sort, range, span} = Address.read();
    const isSpan = [...byId('span').options].some(option => Number(option.value) === span);
    choose('show', show);
    choose('sort', sort);
    wanted.span = isSpan ? span : USUAL_SPAN;
    wanted.text = byId('search').value = text.trim();
    orderAnew();
    follow(!range && !wanted.text);
    if (range) {
      [wanted.from, wanted.to] = range;
    } else if (wanted.text) {
      await load();
      if (shown) showEverything(shown.extent);
    }
    await load();
  };
  addEventListener('popstate', restore);

  // ---- pause

  byId('pause').addEventListener('click', () => {
    if (!pulse) return;
    paused = !paused;
    byId('pause').textContent = paused ? 'Resume' : 'Pause';
    if (paused) {
      status.showPaused(pulse);
      load();
    } else {
      drawnPulse = '';
      ordered.version = null;
      showNewest();
      loadDistributions();
    }
  });

  // ---- the legend, whose state is that of this browser

  const LEGEND = 'sessionizer.legend';
  const stored = action => {
    try {
      return action(localStorage);
    } catch {
      return null; // The browser is set to store nothing.
    }
  };
  byId('guide').open = (stored(storage => storage.getItem(LEGEND)) ?? (innerWidth < 1150 ? 'folded' : 'open')) === 'open';
  byId('guide').querySelector('summary').addEventListener('click', () => {
    const opens = !byId('guide').open;
    stored(storage => storage.setItem(LEGEND, opens ? 'open' : 'folded'));
  });

  byId('words').addEventListener('toggle', () => shown && drawWords());
  document.querySelectorAll('dialog').forEach(dialog => dialog.addEventListener('close', () => shown && drawWords()));
  addEventListener('resize', () => load());
  Charts.theme(byId('theme'), () => {
    if (shown) draw();
    if (distributions) Charts.distributions(bars, distributions);
  });

  // ---- live

  const showNewest = () => {
    const isFirst = pulse === null;
    pulse = newest;
    status.showPulse(pulse);
    const state = pulse.numbers.version + ' ' + pulse.watermark;
    if (state === drawnPulse) return;
    drawnPulse = state;
    if (ordered.version !== null && Date.now() - ordered.at >= ORDER_STAYS && !isPointing()) ordered.version = null;
    if (wanted.follow) followVisits();
    if (isFirst) restore();
    else load();
  };

  const live = new EventSource('api/live');
  live.onmessage = event => {
    newest = JSON.parse(event.data);
    pulseAt = Date.now();
    if (!paused) showNewest();
    else if (disconnected) status.showPaused(pulse);
    disconnected = false;
  };
  const disconnect = () => {
    disconnected = true;
    status.showDisconnected(pulseAt);
  };
  live.onerror = disconnect;
  setInterval(() => Date.now() - pulseAt > SILENT && disconnect(), 1000);
  loadDistributions();
  setInterval(() => paused || loadDistributions(), 5000);
})();
