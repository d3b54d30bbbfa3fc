/** Why the sessions of one visit id are as they are, as far as the topics show. */
package io.sessionizer.explain;
