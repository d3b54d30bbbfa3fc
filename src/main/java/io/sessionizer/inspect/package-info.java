/** Unknown records: their shape and fields, and which of them make visits. No Beam. */
package io.sessionizer.inspect;
