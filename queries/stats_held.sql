select /*sums*/
from samples
/*where*/
