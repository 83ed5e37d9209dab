/** Benchmarks of the verbs and of whole training steps. */
@NullMarked
package nn.bench;

import org.jspecify.annotations.NullMarked;
