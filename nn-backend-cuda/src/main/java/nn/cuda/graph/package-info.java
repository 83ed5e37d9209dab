/** Lists of launches as CUDA graphs. */
@NullMarked
package nn.cuda.graph;

import org.jspecify.annotations.NullMarked;
