/** Matrix products by cuBLAS. */
@NullMarked
package nn.cuda.blas;

import org.jspecify.annotations.NullMarked;
