/**
 * Random search for hyperparameters: trials in parallel, a journal that survives a crash, ranges
 * that narrow from round to round.
 */
@NullMarked
package nn.tune;

import org.jspecify.annotations.NullMarked;
