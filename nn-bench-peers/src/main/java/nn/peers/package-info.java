/** Other libraries' matrix products. */
@NullMarked
package nn.peers;

import org.jspecify.annotations.NullMarked;
