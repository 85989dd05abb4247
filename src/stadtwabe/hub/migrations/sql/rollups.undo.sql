DROP FUNCTION hub_roll_up(integer);
DROP TABLE hub_touchedhour;
DROP TABLE hub_day;
DROP TABLE hub_hour;
