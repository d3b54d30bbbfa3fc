/** What a job counts, and how it is shown: metrics for Prometheus, and health. */
package io.sessionizer.metrics;
