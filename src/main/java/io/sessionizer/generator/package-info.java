/**
 * The generator of visits: a simulation of visitors on event time. The pipeline does not use it.
 */
package io.sessionizer.generator;
