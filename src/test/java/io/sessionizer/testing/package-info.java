/**
 * What tests use: real brokers, clusters and terminals, traffic, models, and programs run by hand.
 */
package io.sessionizer.testing;
