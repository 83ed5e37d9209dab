/** Experiments: what to train, on which data. */
@NullMarked
package nn.examples;

import org.jspecify.annotations.NullMarked;
