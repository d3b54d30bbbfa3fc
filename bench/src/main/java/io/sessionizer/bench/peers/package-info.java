/**
 * What the sessionizer is measured against. Each of these is a program of its own, written as one
 * who knows its framework would, and mix no code with the sessionizer.
 */
package io.sessionizer.bench.peers;
