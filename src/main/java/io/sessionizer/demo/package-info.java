/** The whole way from visits to sessions on one machine, with a broker of its own. */
package io.sessionizer.demo;
