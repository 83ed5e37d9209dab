/** What a library has to say to be measured beside nn. */
@NullMarked
package nn.bench.peer;

import org.jspecify.annotations.NullMarked;
