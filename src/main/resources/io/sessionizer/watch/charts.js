'use strict';

/** What the page and the report have in common. No text from a topic ever becomes HTML. */
const Charts = (() => {
  /** A colour of style.css by its meaning, for example late. */
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

  /** An element with a text and attributes. */
  const element = (name, text = '', attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  const whole = number => Number(number).toLocaleString('en');

  /** 65000 ms as 1 min 5 s: the two largest units. */
  const duration = millis => {
    const units = [['d', 86400000], ['h', 3600000], ['min', 60000], ['s', 1000]];
    const parts = [];
    let left = Math.abs(millis);
    for (const [name, size] of units) {
      if (left >= size) parts.push(whole(Math.floor(left / size)) + ' ' + name);
      left %= size;
    }
    return (millis < 0 ? '−' : '') + (parts.slice(0, 2).join(' ') || whole(Math.abs(millis)) + ' ms');
  };

  /** Says times in a time zone. */
  const clock = timeZone => {
    const format = options => new Intl.DateTimeFormat('en-GB', {timeZone, hourCycle: 'h23', ...options});
    const forms = {
      time: format({hour: '2-digit', minute: '2-digit', second: '2-digit'}),
      minute: format({hour: '2-digit', minute: '2-digit'}),
      day: format({year: 'numeric', month: 'short', day: '2-digit'}),
      full: format({year: 'numeric', month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit'}),
    };
    return {
      time: millis => forms.time.format(millis),
      full: millis => forms.full.format(millis),
      day: millis => forms.day.format(millis),
      axis: millis => forms.minute.format(millis) === '00:00' ? forms.day.format(millis) : forms.minute.format(millis),
    };
  };

  /** A chart that follows the size of its element. */
  const create = container => {
    const chart = echarts.init(container);
    new ResizeObserver(() => chart.resize()).observe(container);
    return chart;
  };

  const text = () => ({color: colour('text'), fontFamily: 'system-ui, sans-serif'});

  /** Draws tooltips as text on the canvas: ECharts would make HTML of them. */
  const tooltip = formatter => ({
    renderMode: 'richText', confine: true, formatter,
    backgroundColor: colour('panel'), borderColor: colour('gone'), textStyle: {...text(), fontSize: 12},
  });

  /** How many values are in which class, as bars, and as text for those who do not see them. */
  const histogram = (chart, labels, counts, what) => {
    const sum = counts.reduce((a, b) => a + b, 0);
    chart.getDom().setAttribute('aria-label',
        sum === 0 ? 'nothing yet' : labels.map((label, i) => counts[i] ? label + ': ' + whole(counts[i]) : '').filter(t => t).join(', '));
    chart.setOption({
      animation: false,
      grid: {left: labels.length > 12 ? 8 : 26, right: 8, top: 12, bottom: 4, containLabel: true}, // A slanted label starts left of its bar.
      tooltip: tooltip(item => item.name + ': ' + whole(item.value) + ' ' + what
          + (sum ? ' (' + (100 * item.value / sum).toFixed(1) + '%)' : '')),
      xAxis: {type: 'category', data: labels, axisLabel: {color: colour('quiet'), rotate: labels.length > 12 ? 0 : 40, fontSize: 11, hideOverlap: true},
        axisLine: {lineStyle: {color: colour('line')}}, axisTick: {show: false}},
      yAxis: {type: 'value', minInterval: 1, axisLabel: {color: colour('quiet')}, splitLine: {lineStyle: {color: colour('line')}}},
      series: [{type: 'bar', data: counts, barCategoryGap: '20%', itemStyle: {color: colour('session'), borderRadius: [3, 3, 0, 0]}}],
    });
  };

  /** The three distributions, in elements durations, pages and hours. */
  const distributions = (charts, data) => {
    histogram(charts.durations, data.durations.labels, data.durations.counts, 'sessions');
    histogram(charts.pages, data.pages.labels, data.pages.counts, 'sessions');
    histogram(charts.hours, data.pagesByHour.map((_, hour) => String(hour).padStart(2, '0')), data.pagesByHour, 'pages');
  };

  /** Dark or light: as the browser prefers, until the button is used. Says when it changes. */
  const theme = (button, changed) => {
    const root = document.documentElement;
    const show = dark => {
      root.dataset.theme = dark ? 'dark' : 'light';
      button.textContent = dark ? 'Light' : 'Dark';
    };
    show(matchMedia('(prefers-color-scheme: dark)').matches);
    button.addEventListener('click', () => {
      show(root.dataset.theme !== 'dark');
      changed();
    });
  };

  return {clock, colour, create, distributions, duration, element, histogram, text, theme, tooltip, whole};
})();
