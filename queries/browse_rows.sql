select /*columns*/
from samples
/*where*/
/*order*/
/*limit*/
