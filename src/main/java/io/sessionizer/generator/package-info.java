/** Generated visits: a simulation of visitors on event time. Nothing in the pipeline uses it. */
package io.sessionizer.generator;
